"""Take over what a state file says, entry by entry."""

import base64
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from simulator.answer import Answer
from simulator.books.company import Company, Deletion
from simulator.books.rules import Rules
from simulator.oauth.grant import Grant
from simulator.request_memory import Remembered
from simulator.seed import found_books
from simulator.state.changes import Entry
from simulator.world import World


def restore(world: World, entries: Iterable[Entry]) -> None:
    for name, *facts in entries:
        READERS[name](world, *facts)


def _books(world: World, realm: str, name: str, country: str) -> None:
    """The entries that follow tell all of these books, also how they are taxed: what was seeded goes."""
    company = world.companies.get(realm) or found_books(realm, name, country, world.clock)
    for table in company.tables.values():
        for record in table:
            table.remove(record["Id"])
    world.companies.add(company)


def _record(world: World, realm: str, kind: str, record: dict[str, Any]) -> None:
    world.companies[realm].tables[kind].put(record)


def _gone(world: World, realm: str, kind: str, id_: str) -> None:
    world.companies[realm].tables[kind].remove(id_)


def _deletion(world: World, realm: str, saved: dict[str, Any]) -> None:
    world.companies[realm].note_deletion(Deletion(**saved))


def _company(world: World, realm: str, saved: dict[str, Any]) -> None:
    company: Company = world.companies[realm]
    company.rules = Rules(**saved["rules"])
    company.counters = Counter(saved["counters"])
    company.deposited = set(saved["deposited"])
    company.custom_fields = saved.get("custom_fields", company.custom_fields)  # an older file has none


def _answer(world: World, saved: dict[str, Any]) -> None:
    answer = Answer(saved["status"], saved["body"].encode("latin-1"), saved["content_type"])
    fingerprint = base64.b64decode(saved["fingerprint"])
    entry = Remembered(answer=answer, fingerprint=fingerprint, answered_at=float(saved["answered_at"]))
    world.memory.restore(saved["realm"], saved["requestid"], entry)


def _world(world: World, saved: dict[str, Any]) -> None:
    world.switch(saved["switches"])
    world.clock.advance(max(0, float(saved["clock"]) - world.clock.timestamp()))
    world.grants.grants = [Grant(**_with_floats(grant)) for grant in saved["grants"]]
    world.meter.restore(saved["calls"])


def _with_floats(grant: dict[str, Any]) -> dict[str, Any]:
    """Times are floats; only money is Decimal."""
    times = {name: float(grant[name]) for name in ("granted", "refresh_issued", "refresh_expires")}
    access = {token: float(expires) for token, expires in grant["access"].items()}
    return {**grant, **times, "access": access, "refreshing": False}


READERS: dict[str, Callable[..., None]] = {
    "books": _books,
    "record": _record,
    "gone": _gone,
    "deletion": _deletion,
    "company": _company,
    "answer": _answer,
    "world": _world,
}
