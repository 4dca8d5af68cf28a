"""Which due rows go in the next wave, and what has to be asked before they may."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, select

from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.records import Shelf
from app.quickbooks.lane.repairs import REFERENCE, STALE
from app.quickbooks.models import RecordKind, RemoteLink, SyncTask
from app.quickbooks.outbox import answers

BATCH_SIZE = 30  # contract section 2.8
NEEDS_NO_REPAIR = SyncTask.problem.not_in((STALE, REFERENCE))
_ORDER = case({key: kind.order for key, kind in KINDS.items()}, value=SyncTask.kind)

Names = dict[RecordKind, set[str]]


@dataclass(frozen=True)
class Room:
    """How many batches and plain requests may be added to what is on the wire."""

    batches: int
    singles: int

    @property
    def rows(self) -> int:
        return self.batches * BATCH_SIZE + self.singles


def candidates(connection_id: int, limit: int, may_read: bool = True, but_repairs: bool = False) -> list[int]:
    """Ids of due rows that nobody else holds: asked by hand first, then what others need, then oldest first.
    Without reads only what is linked and needs no repair: the rest waits.

    Commits, so that they are only known, not claimed.
    """
    conditions = () if may_read else _needs_no_read()
    if but_repairs:
        conditions = (*conditions, NEEDS_NO_REPAIR)
    rows = db.session.scalars(
        select(SyncTask.id)
        .where(*outbox.due(connection_id), *conditions)
        .order_by(SyncTask.by_hand.desc(), _ORDER, SyncTask.queued_at, SyncTask.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    db.session.commit()
    return list(rows)


def _needs_no_read() -> tuple[ColumnElement[bool], ...]:
    linked = select(RemoteLink.id).where(
        RemoteLink.connection_id == SyncTask.connection_id,
        RemoteLink.kind == SyncTask.kind,
        RemoteLink.record_id == SyncTask.record_id,
    )
    return linked.exists(), NEEDS_NO_REPAIR


def names_to_look_up(connection_id: int, task_ids: Sequence[int]) -> Names:
    """What QuickBooks has to be asked for before these may be created, by kind."""
    tasks = db.session.scalars(select(SyncTask).where(SyncTask.id.in_(task_ids))).all()
    shelf = Shelf.load(connection_id, tasks)
    names: Names = defaultdict(set)
    for task in tasks:
        record = shelf.record(task)
        if record is not None and not shelf.link(task):
            names[task.kind].add(KINDS[task.kind].name_there(record, task))
    return names


def customers_said_to_be(connection_id: int, task_ids: Sequence[int]) -> dict[str, str]:
    """The Ids of QuickBooks' customers that people took for ours under another name, and the names of ours."""
    said = SyncTask.answer["link"].astext
    tasks = db.session.scalars(
        select(SyncTask).where(SyncTask.id.in_(task_ids), SyncTask.kind == RecordKind.CUSTOMER, said != "")
    ).all()
    shelf, kind = Shelf.load(connection_id, tasks), KINDS[RecordKind.CUSTOMER]
    return {
        answers.of(task).link: kind.name_there(record, task)
        for task in tasks
        if not shelf.link(task) and (record := shelf.record(task))
    }


def anything_due(connection_id: int) -> bool:
    """Commits."""
    due = outbox.anything_due(connection_id)
    db.session.commit()
    return due
