"""The state of a simulator in a file: companies, grants and remembered request ids survive a restart."""

import base64
import threading
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from simulator import exact_json
from simulator.answer import Answer
from simulator.books.company import Company, Deletion
from simulator.books.rules import Rules
from simulator.oauth.grants import Grant
from simulator.request_memory import Remembered
from simulator.world import World

SECONDS_BETWEEN_SAVES = 0.5


class StateFile:
    """Keeps a file up to date behind a running world."""

    def __init__(self, world: World, path: Path) -> None:
        self._world, self._path = world, path
        self._changed, self._stopped = threading.Event(), threading.Event()
        self._saving = threading.Lock()

    def load(self) -> None:
        """Take over what the file says, if there is one."""
        if self._path.exists():
            restore(self._world, exact_json.loads(self._path.read_bytes()))

    def mark_changed(self) -> None:
        self._changed.set()

    def start(self) -> None:
        threading.Thread(target=self._save_changes, daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()
        self.save()

    def save(self) -> None:
        """Whole or not at all: a new file takes the old one's place."""
        with self._saving:
            self._changed.clear()
            fresh = self._path.with_suffix(".new")
            fresh.write_text(exact_json.dumps(snapshot(self._world)))
            fresh.replace(self._path)

    def _save_changes(self) -> None:
        while not self._stopped.wait(SECONDS_BETWEEN_SAVES):
            if self._changed.is_set():
                self.save()


def snapshot(world: World) -> dict[str, Any]:
    with world.grants.lock:
        grants = [asdict(grant) for grant in world.grants.grants]
    return {
        "clock": world.clock.timestamp(),
        "switches": world.switches.as_dict(),
        "grants": grants,
        "companies": {realm: _company(company) for realm, company in world.companies.items()},
        "answers": [_remembered(*entry) for entry in world.memory.entries()],
    }


def restore(world: World, saved: dict[str, Any]) -> None:
    world.switch(saved["switches"])
    world.clock.advance(max(0, float(saved["clock"]) - world.clock.timestamp()))
    world.grants.grants = [Grant(**_floats(grant)) for grant in saved["grants"]]
    for realm, books in saved["companies"].items():
        if realm in world.companies:
            _restore_company(world.companies[realm], books)
    for entry in saved["answers"]:
        _restore_answer(world, entry)


def _company(company: Company) -> dict[str, Any]:
    with company.lock:
        return {
            "rules": asdict(company.rules),
            "counters": dict(company.counters),
            "deposited": sorted(company.deposited),
            "deletions": [asdict(deletion) for deletion in company.deletions.values()],
            "tables": {name: list(table) for name, table in company.tables.items()},
        }


def _restore_company(company: Company, saved: dict[str, Any]) -> None:
    company.rules = Rules(**saved["rules"])
    company.counters = Counter(saved["counters"])
    company.deposited = set(saved["deposited"])
    for entry in saved["deletions"]:
        company.note_deletion(Deletion(**entry))
    for name, records in saved["tables"].items():
        table = company.tables[name]
        for record in table:
            table.remove(record["Id"])
        for record in records:
            table.put(record)


def _remembered(realm: str, requestid: str, entry: Remembered) -> dict[str, Any]:
    answer = entry.answer or Answer(0, b"")
    return {
        "realm": realm,
        "requestid": requestid,
        "fingerprint": base64.b64encode(entry.fingerprint).decode(),
        "answered_at": entry.answered_at,
        "status": answer.status,
        "body": answer.body.decode(),
        "content_type": answer.content_type,
    }


def _restore_answer(world: World, saved: dict[str, Any]) -> None:
    answer = Answer(saved["status"], saved["body"].encode(), saved["content_type"])
    fingerprint = base64.b64decode(saved["fingerprint"])
    entry = Remembered(answer=answer, fingerprint=fingerprint, answered_at=float(saved["answered_at"]))
    world.memory.restore(saved["realm"], saved["requestid"], entry)


def _floats(grant: dict[str, Any]) -> dict[str, Any]:
    """Times are floats; only money is Decimal."""
    times = {name: float(grant[name]) for name in ("granted", "refresh_issued", "refresh_expires")}
    access = {token: float(expires) for token, expires in grant["access"].items()}
    return {**grant, **times, "access": access, "refreshing": False}
