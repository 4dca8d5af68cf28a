"""Putting records into the outbox, always inside the transaction that changed them."""

from collections.abc import Collection, Iterable
from typing import Any, cast

from sqlalchemy import (
    Integer,
    Select,
    Table,
    case,
    false,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert

from app.extensions import among, db, now
from app.quickbooks.models import RecordKind, SyncTask, TaskState
from app.quickbooks.outbox.nudge import nudge_after_commit
from app.quickbooks.outbox.states import ON_THE_WIRE

TASKS = cast(Table, SyncTask.__table__)


def queue(connection_id: int, kind: RecordKind, record_ids: Iterable[int], by_hand: bool = False) -> None:
    """Each record shall reach QuickBooks in its present state; ten calls before a push are one push.

    A row that is on the wire stays there and is sent again afterwards. A skipped row stays skipped, and keeps
    its reason, unless somebody asks by hand. Nudges a worker after the commit.
    """
    if ids := set(record_ids):
        queue_selected(kind, _listed(connection_id, ids), by_hand)


def queue_selected(kind: RecordKind, records: Select[int, int], by_hand: bool = False) -> int:
    """The same for what a query finds, in one statement whatever its number: the ids of the connection and of the
    record. Returns how many.
    """
    statement = _rows(kind, records, by_hand)
    left_out = false() if by_hand else SyncTask.state == TaskState.SKIPPED
    stays = or_(SyncTask.state.in_(ON_THE_WIRE), left_out)
    words = (SyncTask.problem, SyncTask.message, SyncTask.remedy)
    queued = db.session.scalars(
        statement.on_conflict_do_update(
            index_elements=["connection_id", "kind", "record_id"],
            set_={
                "wanted": SyncTask.wanted + 1,
                "state": case((stays, SyncTask.state), else_=TaskState.QUEUED.value),
                "by_hand": or_(SyncTask.by_hand, statement.excluded.by_hand),
                "due_at": statement.excluded.due_at,
                "queued_at": statement.excluded.queued_at,
                "updated_at": statement.excluded.queued_at,
                "attempts": 0,
                "fixes": 0,
                **{column.key: case((left_out, column), else_="") for column in words},
                "question": {},
                "waits_for_id": None,
            },
        ).returning(TASKS.c.connection_id)
    ).all()
    for connection_id in set(queued):
        nudge_after_commit(connection_id)
    return len(queued)


def queue_stopped(connection_id: int, problem: str) -> None:
    """What these rows stopped at is mended: all of them may go again."""
    stopped = select(SyncTask.kind, SyncTask.record_id).filter_by(
        connection_id=connection_id, state=TaskState.ERROR, problem=problem
    )
    rows = db.session.execute(stopped).all()
    for kind in RecordKind:
        queue(connection_id, kind, [row.record_id for row in rows if row.kind is kind])


def ensure_queued(connection_id: int, kind: RecordKind, record_ids: Iterable[int]) -> None:
    """Like queue, but only for records that have no row yet: what an invoice needs is sent with it."""
    if ids := set(record_ids):
        rows = _rows(kind, _listed(connection_id, ids), by_hand=False)
        db.session.execute(rows.on_conflict_do_nothing())


def add_resting(kind: RecordKind, records: Select[int, int], state: TaskState, **columns: Any) -> list[int]:
    """Rows of what a person decided about before anything was sent; ids of those that are new."""
    rows = _rows(kind, records, by_hand=False, state=state, **columns)
    return list(db.session.scalars(rows.on_conflict_do_nothing().returning(TASKS.c.id)))


def task_for(connection_id: int, kind: RecordKind, record_id: int, lock: bool = False) -> SyncTask | None:
    """As it is now; locked, nobody else moves it before the transaction ends."""
    row = select(SyncTask).filter_by(connection_id=connection_id, kind=kind, record_id=record_id)
    return db.session.scalar(
        (row.with_for_update() if lock else row).execution_options(populate_existing=True)
    )


def release_waiting(task_ids: Iterable[int]) -> None:
    """What waited for these rows may be looked at again."""
    if rows := lock_waiting(task_ids):
        wake(rows, TaskState.ERROR, TaskState.BACKOFF)


def wake(task_ids: Collection[int], *states: TaskState) -> None:
    """These rows wait for nothing and are due now; those in one of the `states` are queued again."""
    db.session.execute(
        update(SyncTask)
        .where(among(SyncTask.id, task_ids))
        .values(
            waits_for_id=None,
            state=case((SyncTask.state.in_(states), TaskState.QUEUED.value), else_=SyncTask.state),
            due_at=now(),
            problem="",
            message="",
            remedy="",
        )
        .execution_options(synchronize_session=False)
    )


def lock_waiting(task_ids: Iterable[int]) -> list[int]:
    """The rows that wait for these, locked. One that somebody else holds is left out, so that nobody waits for
    anybody: a save wakes it anyway, and for the rest the sweep looks again.
    """
    waiting = select(SyncTask.id).where(SyncTask.waits_for_id.in_(list(task_ids)))
    return list(db.session.scalars(waiting.with_for_update(skip_locked=True)))


def _listed(connection_id: int, record_ids: Collection[int]) -> Select[int, int]:
    ids = func.unnest(literal(list(record_ids), ARRAY(Integer))).column_valued("record_id")
    return select(literal(connection_id), ids)


def _rows(kind: RecordKind, records: Select[int, int], by_hand: bool, **changes: Any) -> Insert:
    """New rows for them, locked in the order of the records, so that no two savers wait for each other."""
    wanted, moment = records.subquery("wanted"), now()
    connection_id, record_id = wanted.c
    values = {
        "kind": kind,
        "state": TaskState.QUEUED,
        "by_hand": by_hand,
        "wanted": 1,
        "sent": 0,
        "reached": 0,
        "attempts": 0,
        "fixes": 0,
        "problem": "",
        "message": "",
        "remedy": "",
        "question": {},
        "answer": {},
        "mark": "",
        "updated_at": moment,
        "due_at": moment,
        "queued_at": moment,
        **changes,
    }
    constants = [literal(value, TASKS.c[name].type) for name, value in values.items()]
    rows = select(connection_id, record_id, *constants).order_by(connection_id, record_id)
    return insert(TASKS).from_select(["connection_id", "record_id", *values], rows)
