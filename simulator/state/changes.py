"""What has to be written down: all of a world, or what has changed since the last time."""

import base64
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from simulator.answer import Answer
from simulator.books.company import Company
from simulator.request_memory import Remembered
from simulator.world import World

Entry = list[Any]  # its name, then what it is about; simulator/state/restoring.py reads it


def everything_in(world: World) -> Iterator[Entry]:
    """All of a world at this moment, of its companies those that somebody has asked for."""
    for company in world.companies.opened():
        yield ["books", company.realm, company.name, company.country]
        with company.lock:
            for kind, table in company.tables.items():
                yield from (["record", company.realm, kind, record] for record in table)
            deletions = [asdict(deletion) for deletion in company.deletions.values()]
            yield from (["deletion", company.realm, deletion] for deletion in deletions)
            yield ["company", company.realm, _rules(company)]
    for realm, requestid, remembered in world.memory.entries():
        yield ["answer", _answer(realm, requestid, remembered)]
    yield ["world", _world(world)]


class Changes:
    """Remembers what was written, so that the next time is short."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[str, Company] = {}
        self._rules: dict[str, Any] = {}  # as last written, by realm
        self._deletions: dict[str, int] = {}  # written so far, by realm

    def everything(self) -> Iterator[Entry]:
        self._known.clear()
        self._world.memory.changed.clear()
        yield from self.since_last_time()
        for realm, requestid, remembered in self._world.memory.entries():
            yield ["answer", _answer(realm, requestid, remembered)]

    def since_last_time(self) -> Iterator[Entry]:
        for realm, company in list(self._world.companies.items()):
            is_new = self._known.get(realm) is not company
            if is_new:
                yield ["books", realm, company.name, company.country]
                self._known[realm], self._deletions[realm] = company, 0
            yield from self._of_company(company, is_new)
        for realm, requestid, remembered in self._world.memory.take_changed():
            yield ["answer", _answer(realm, requestid, remembered)]
        yield ["world", _world(self._world)]

    def is_another_world(self) -> bool:
        """After a reset nothing that was written holds any more."""
        return any(self._world.companies.get(realm) is not company for realm, company in self._known.items())

    def _of_company(self, company: Company, all_of_it: bool) -> list[Entry]:
        with company.lock:
            entries = [entry for kind in company.tables for entry in _of_table(company, kind, all_of_it)]
            deletions = list(company.deletions.values())[self._deletions[company.realm] :]
            self._deletions[company.realm] += len(deletions)
            entries += [["deletion", company.realm, asdict(deletion)] for deletion in deletions]
            told = _rules(company)
            if all_of_it or told != self._rules.get(company.realm):
                self._rules[company.realm] = told
                entries.append(["company", company.realm, told])
        return entries


def _of_table(company: Company, kind: str, all_of_it: bool) -> Iterator[Entry]:
    table = company.tables[kind]
    ids = [record["Id"] for record in table] if all_of_it else sorted(table.changed, key=int)
    table.changed.clear()
    for id_ in ids:
        record = table.get(id_)
        yield ["record", company.realm, kind, record] if record else ["gone", company.realm, kind, id_]


def _rules(company: Company) -> dict[str, Any]:
    return {
        "rules": asdict(company.rules),
        "counters": dict(company.counters),
        "deposited": sorted(company.deposited),
        "custom_fields": company.custom_fields,
    }


def _world(world: World) -> dict[str, Any]:
    with world.grants.lock:
        grants = [asdict(grant) for grant in world.grants.grants]
    return {
        "clock": world.clock.timestamp(),
        "switches": world.switches.as_dict(),
        "grants": grants,
        "calls": world.meter.dump(),
    }


def _answer(realm: str, requestid: str, remembered: Remembered) -> dict[str, Any]:
    answer = remembered.answer or Answer(0, b"")
    return {
        "realm": realm,
        "requestid": requestid,
        "fingerprint": base64.b64encode(remembered.fingerprint).decode(),
        "answered_at": remembered.answered_at,
        "status": answer.status,
        "body": answer.body.decode("latin-1"),
        "content_type": answer.content_type,
    }
