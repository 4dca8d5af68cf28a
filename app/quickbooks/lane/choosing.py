"""Which due rows go in the next wave, and what has to be asked before they may."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, exists, or_, select

from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.records import records_of
from app.quickbooks.lane.repairs import MENDED
from app.quickbooks.models import RecordKind, RemoteLink, SyncTask
from app.quickbooks.outbox import answers

IS_LINKED = exists().where(
    RemoteLink.connection_id == SyncTask.connection_id,
    RemoteLink.kind == SyncTask.kind,
    RemoteLink.record_id == SyncTask.record_id,
)
NEEDS_NO_REPAIR = SyncTask.problem.not_in(MENDED)
ORDER = case({key: kind.order for key, kind in KINDS.items()}, value=SyncTask.kind)

Names = dict[RecordKind, set[str]]


@dataclass(frozen=True)
class New:
    """A due row whose record is not linked, and the name to look for. `is_first`: it was never sent, so QuickBooks
    cannot have it from us. `said`: the Id of the record there that a person took for ours, or nothing.
    """

    task_id: int
    kind: RecordKind
    name: str
    is_first: bool
    said: str


def candidates(
    connection_id: int, limit: int, may_go: Collection[RecordKind] | None = None, but_repairs: bool = False
) -> list[int]:
    """Ids of due rows that nobody else holds: asked by hand first, then what others need, then oldest first.
    Where nothing may be read, what is linked and needs no repair, and new records of the kinds that `may_go`.

    Commits, so that they are only known, not claimed.
    """
    conditions = () if may_go is None else needs_no_read(may_go)
    if but_repairs:
        conditions = (*conditions, NEEDS_NO_REPAIR)
    rows = db.session.scalars(
        select(SyncTask.id)
        .where(*outbox.due(connection_id), *conditions)
        .order_by(SyncTask.by_hand.desc(), ORDER, SyncTask.queued_at, SyncTask.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    db.session.commit()
    return list(rows)


def needs_no_read(may_go: Collection[RecordKind]) -> tuple[ColumnElement[bool], ...]:
    is_first = and_(SyncTask.sent == 0, SyncTask.fixes == 0, SyncTask.kind.in_(may_go))
    return or_(IS_LINKED, is_first), NEEDS_NO_REPAIR


def new_ones(task_ids: Sequence[int]) -> list[New]:
    """Those of the rows that have no record in QuickBooks that we know of. Money that is over here and has no mark
    is left out: nothing there can be it (recognition.py).
    """
    tasks = db.session.scalars(select(SyncTask).where(SyncTask.id.in_(task_ids), ~IS_LINKED)).all()
    records = records_of(tasks)
    return [
        New(
            task.id,
            task.kind,
            KINDS[task.kind].name_there(record, task),
            _is_first(task),
            answers.of(task).link,
        )
        for task in tasks
        if (record := records.get((task.kind, task.record_id))) is not None
        and (task.mark or not KINDS[task.kind].may_be_gone(record))
    ]


def names_of(new: Iterable[New]) -> Names:
    names: Names = defaultdict(set)
    for one in new:
        names[one.kind].add(one.name)
    return names


def said_to_be(new: Iterable[New]) -> dict[RecordKind, dict[str, set[str]]]:
    """By kind, the Ids of QuickBooks' records that people took for ours, and the names, numbers or days of ours:
    there they may have others by now. Several of ours may be said to be one.
    """
    ids: dict[RecordKind, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in new:
        if one.said:
            ids[one.kind][one.said].add(one.name)
    return ids


def _is_first(task: SyncTask) -> bool:
    return not (task.sent or task.fixes or task.mark or task.answer)


def anything_due(connection_id: int) -> bool:
    """Commits."""
    due = outbox.anything_due(connection_id)
    db.session.commit()
    return due
