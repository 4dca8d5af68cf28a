"""One part of the backlog after the other is planned by the lane itself (lane/planning.py), in a transaction that
is rolled back. QuickBooks is taken to accept whatever would leave, but for customers who have the name of a vendor
or an employee.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.extensions import db, now
from app.quickbooks import outbox
from app.quickbooks.account import company
from app.quickbooks.api.client import Client
from app.quickbooks.catalogue import problem
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.needs import Key
from app.quickbooks.kinds.records import Shelf, name_of
from app.quickbooks.lane import choosing, fences, known, lookups
from app.quickbooks.lane.choosing import NEEDS_NO_REPAIR
from app.quickbooks.lane.lookups import Found
from app.quickbooks.lane.planning import Wave
from app.quickbooks.lane.repairs import REFERENCE, STALE
from app.quickbooks.lane.room import Room
from app.quickbooks.matching import other_names
from app.quickbooks.models import Connection, PushBatch, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.models.batch_items import BatchItem
from app.quickbooks.outbox import outcomes
from app.quickbooks.rehearsal import scene
from app.quickbooks.rehearsal.models import Fate

log = logging.getLogger(__name__)

MOST_WAVES = 12
FIRST = "0"  # the version of a record that was made just now
CUSTOMER = RecordKind.CUSTOMER


@dataclass(frozen=True)
class Foreseen:
    """What would become of one record."""

    key: Key
    name: str
    amount: Any
    fate: Fate
    problem: str = ""
    message: str = ""
    remedy: str = ""


@dataclass
class Stage:
    """What QuickBooks was found to have, and what it would have by now."""

    connection_id: int
    client: Callable[[], Client]
    found: dict[RecordKind, Found] = field(default_factory=dict)
    made: dict[str, tuple[int, str]] = field(default_factory=dict)  # customers: our id and theirs, by name

    def act(self, keys: Sequence[Key]) -> list[Foreseen]:
        """Ends every transaction that it opens, and leaves nothing behind. Raises ApiError and TokenError."""
        self._look_up(keys)
        try:
            return self._plan(keys)
        except fences.FORESEEN:
            raise
        except Exception:
            log.exception("A rehearsal of connection %s broke off at %s", self.connection_id, keys)
            if len(keys) > 1:
                db.session.rollback()
                return [one for key in keys for one in self.act([key])]
            return [_unforeseen(keys[0])]
        finally:
            db.session.rollback()

    def _look_up(self, keys: Sequence[Key]) -> None:
        """Ask for what is new, as the lane would, and keep the answers."""
        try:
            tasks = scene.set_up(self._connection(), keys)
            new = choosing.new_ones(self.connection_id, [task.id for task in tasks])
            said = choosing.customers_said_to_be(self.connection_id, [task.id for task in tasks])
        finally:
            db.session.rollback()
        first = choosing.names_of(one for one in new if one.is_first)
        asked = known.to_ask(self.connection_id, first, self.client, may_read=True)
        names = choosing.names_of(one for one in new if not one.is_first)
        for kind, listed in asked.items():
            names[kind] |= set(listed)
        for kind, listed in names.items():
            held = self.found.setdefault(kind, {})
            key_of = KINDS[kind].identity.key
            unknown = {name for name in listed if key_of(name) not in held}
            held.update(lookups.find(self.client(), kind, unknown))
        if said:
            lookups.add(self.client(), CUSTOMER, self.found.setdefault(CUSTOMER, {}), said)
        db.session.commit()

    def _plan(self, keys: Sequence[Key]) -> list[Foreseen]:
        connection = self._connection()
        tasks = scene.set_up(connection, keys)
        mine = {task.id for task in tasks}
        newest = max(mine)
        self._bring_in(tasks)
        for _ in range(MOST_WAVES):
            due = self._due(mine, newest)
            if not due:
                break
            wave = Wave(connection, company.facts_of(connection), self.found)
            self._take(wave.write(due, Room(batches=len(due), singles=0)))
        return self._told(keys)

    def _due(self, mine: set[int], newest: int) -> list[int]:
        """Of this part, or put into the outbox for it. Customers of one name go one after the other."""
        rows = db.session.scalars(
            select(SyncTask)
            .where(
                *outbox.due(self.connection_id),
                NEEDS_NO_REPAIR,
                SyncTask.id.in_(mine) | (SyncTask.id > newest),
            )
            .order_by(choosing.ORDER, SyncTask.id)
        ).all()
        shelf = Shelf.load(self.connection_id, [row for row in rows if row.kind is CUSTOMER])
        names: set[str] = set()
        due = []
        for row in rows:
            record = shelf.record(row)
            if record is not None:
                name = _name(record, row)
                if name in names:
                    continue
                names.add(name)
            due.append(row.id)
        return due

    def _take(self, batches: Iterable[PushBatch]) -> None:
        """QuickBooks takes all of it, but for names that it has given away."""
        items = [item for batch in batches for item in batch.items]
        rows = db.session.scalars(
            select(SyncTask)
            .where(SyncTask.id.in_([item.task_id for item in items]))
            .execution_options(populate_existing=True)
        )
        tasks, taken, given_away = {task.id: task for task in rows}, [], self._given_away(items)
        for item in items:
            task = tasks[item.task_id]
            if _is_new_customer(item) and item.body["DisplayName"] in given_away:
                outcomes.park(task, problem("name_taken_by_other"), item.body["DisplayName"])
                continue
            if item.operation == "create":
                self._make(task, item)
            outcomes.reach(task, item.version, wake=False)
            taken.append(task.id)
        db.session.flush()
        outbox.release_waiting(taken)

    def _given_away(self, items: Iterable[BatchItem]) -> set[str]:
        """Names of new customers that a vendor or an employee has there."""
        names = [item.body["DisplayName"] for item in items if _is_new_customer(item)]
        return other_names.taken(self.connection_id, names)

    def _make(self, task: SyncTask, item: BatchItem) -> None:
        kind = KINDS[task.kind]
        remote = {**item.body, "Id": f"rehearsed-{task.kind.value}-{task.record_id}", "SyncToken": FIRST}
        self._link(task.kind, task.record_id, remote["Id"])
        if kind.identity.is_unique:
            name = kind.identity.key(kind.identity.value(remote))
            self.found.setdefault(task.kind, {}).setdefault(name, []).append(remote)
            if task.kind is CUSTOMER:
                self.made[name] = (task.record_id, remote["Id"])

    def _link(self, kind: RecordKind, record_id: int, remote_id: str) -> None:
        link = {"connection_id": self.connection_id, "kind": kind, "record_id": record_id}
        there = {"remote_id": remote_id, "sync_token": FIRST}
        db.session.add(RemoteLink(**link, **there, pushed_at=now()))

    def _bring_in(self, tasks: Iterable[SyncTask]) -> None:
        """Customers that an earlier part would have made are linked again, where their names would be taken."""
        customers = [task for task in tasks if task.kind is CUSTOMER]
        shelf = Shelf.load(self.connection_id, customers)
        names = {_name(record, task) for task in customers if (record := shelf.record(task))}
        for name in names & self.made.keys():
            self._link(CUSTOMER, *self.made[name])
        db.session.flush()

    def _told(self, keys: Sequence[Key]) -> list[Foreseen]:
        tasks = {(task.kind, task.record_id): task for task in scene.rows(self._connection(), keys)}
        shelf = Shelf.load(self.connection_id, tasks.values())
        return [
            Foreseen(
                key,
                name_of(record := shelf.record(task), task.kind),
                _amount(record),
                fate := _fate(task),
                task.problem if fate is not Fate.GOES else "",
                task.message if fate is Fate.WAITS else "",
                task.remedy if fate is Fate.WAITS else "",
            )
            for key, task in tasks.items()
            if task.state is not TaskState.SKIPPED
        ]

    def _connection(self) -> Connection:
        return db.session.get_one(Connection, self.connection_id)


def _name(record: Any, task: SyncTask) -> str:
    kind = KINDS[task.kind]
    return kind.identity.key(kind.name_there(record, task))


def _is_new_customer(item: BatchItem) -> bool:
    return item.kind is CUSTOMER and item.operation == "create"


def _fate(task: SyncTask) -> Fate:
    if task.state is TaskState.ERROR:
        return Fate.WAITS
    return Fate.READ_FIRST if task.problem in (STALE, REFERENCE) else Fate.GOES


def _amount(record: Any) -> Any:
    return getattr(record, "total", None) or getattr(record, "amount", None)


def _unforeseen(key: Key) -> Foreseen:
    name = name_of(None, key[0])
    message, remedy = problem("unforeseen").words(record=name)
    return Foreseen(key, name, None, Fate.WAITS, "unforeseen", message, remedy)
