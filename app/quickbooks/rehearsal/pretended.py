"""QuickBooks as it would be by now. It accepts whatever leaves, but no customer with the name of a vendor or an
employee.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from app.extensions import db, now
from app.quickbooks import outbox
from app.quickbooks.catalogue import problem
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.records import Shelf
from app.quickbooks.lane.choosing import Names
from app.quickbooks.lane.lookups import Found
from app.quickbooks.matching import other_names
from app.quickbooks.models import PushBatch, RecordKind, RemoteLink, SyncTask
from app.quickbooks.models.batch_items import BatchItem
from app.quickbooks.outbox import outcomes

FIRST = "0"  # the version of a record that was made just now
CUSTOMER = RecordKind.CUSTOMER


class Pretended:
    """`found` is what QuickBooks has, and what it would have by now, by kind and name."""

    def __init__(self, connection_id: int) -> None:
        self._connection_id = connection_id
        self._made: dict[str, tuple[int, str]] = {}  # customers: our id and theirs, by name
        self.found: dict[RecordKind, Found] = {}

    def unknown(self, names: Names) -> Names:
        """Those of the names that no earlier part has asked for."""
        unknown = {
            kind: {name for name in listed if KINDS[kind].identity.key(name) not in self.found.get(kind, {})}
            for kind, listed in names.items()
        }
        return {kind: listed for kind, listed in unknown.items() if listed}

    def learn(self, found: Mapping[RecordKind, Found]) -> None:
        for kind, there in found.items():
            held = self.found.setdefault(kind, {})
            for key, records in there.items():
                listed = held.setdefault(key, [])
                listed += [record for record in records if record not in listed]

    def take(self, batches: Iterable[PushBatch]) -> None:
        """Settle the rows of what would leave."""
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

    def bring_in(self, tasks: Iterable[SyncTask]) -> None:
        """Link again the customers that an earlier part would have made, or their names would be taken."""
        customers = [task for task in tasks if task.kind is CUSTOMER]
        shelf = Shelf.load(self._connection_id, customers)
        names = {name_there(record, task) for task in customers if (record := shelf.record(task))}
        for name in names & self._made.keys():
            self._link(CUSTOMER, *self._made[name])
        db.session.flush()

    def _given_away(self, items: Iterable[BatchItem]) -> set[str]:
        """Names of new customers that a vendor or an employee has there."""
        names = [item.body["DisplayName"] for item in items if _is_new_customer(item)]
        return other_names.taken(self._connection_id, names)

    def _make(self, task: SyncTask, item: BatchItem) -> None:
        kind = KINDS[task.kind]
        remote = {**item.body, "Id": f"rehearsed-{task.kind.value}-{task.record_id}", "SyncToken": FIRST}
        self._link(task.kind, task.record_id, remote["Id"])
        if kind.identity.is_unique:
            name = kind.identity.key(kind.identity.value(remote))
            self.found.setdefault(task.kind, {}).setdefault(name, []).append(remote)
            if task.kind is CUSTOMER:
                self._made[name] = (task.record_id, remote["Id"])

    def _link(self, kind: RecordKind, record_id: int, remote_id: str) -> None:
        link = {"connection_id": self._connection_id, "kind": kind, "record_id": record_id}
        there = {"remote_id": remote_id, "sync_token": FIRST}
        db.session.add(RemoteLink(**link, **there, pushed_at=now()))


def name_there(record: Any, task: SyncTask) -> str:
    """As names are compared there."""
    kind = KINDS[task.kind]
    return kind.identity.key(kind.name_there(record, task))


def _is_new_customer(item: BatchItem) -> bool:
    return item.kind is CUSTOMER and item.operation == "create"
