"""Putting records into the outbox, always inside the transaction that changed them."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, case, false, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db, now
from app.quickbooks.models import RecordKind, SyncTask, TaskState
from app.quickbooks.outbox.nudge import nudge_after_commit
from app.quickbooks.outbox.states import ON_THE_WIRE

_CHUNK = 1000


def queue(connection_id: int, kind: RecordKind, record_ids: Iterable[int], by_hand: bool = False) -> None:
    """Each record shall reach QuickBooks in its present state; ten calls before a push are one push.

    A row that is on the wire stays there and is sent again afterwards. A skipped row stays skipped, and keeps
    its reason, unless somebody asks by hand. Nudges a worker after the commit.
    """
    ids = sorted(set(record_ids))
    for start in range(0, len(ids), _CHUNK):
        _upsert(connection_id, kind, ids[start : start + _CHUNK], by_hand)
    if ids:
        nudge_after_commit(connection_id)


def ensure_queued(connection_id: int, kind: RecordKind, record_ids: Iterable[int]) -> None:
    """Like queue, but only for records that have no row yet: what an invoice needs is sent with it."""
    rows = [_row(connection_id, kind, record_id, by_hand=False) for record_id in sorted(set(record_ids))]
    if rows:
        db.session.execute(insert(SyncTask).values(rows).on_conflict_do_nothing())


def task_for(connection_id: int, kind: RecordKind, record_id: int, lock: bool = False) -> SyncTask | None:
    """As it is now; locked, nobody else moves it before the transaction ends."""
    row = select(SyncTask).filter_by(connection_id=connection_id, kind=kind, record_id=record_id)
    return db.session.scalar(
        (row.with_for_update() if lock else row).execution_options(populate_existing=True)
    )


def known(connection_id: int, kind: RecordKind, record_ids: Iterable[int]) -> set[int]:
    """Which of the records have a row already."""
    rows = select(SyncTask.record_id).filter_by(connection_id=connection_id, kind=kind)
    return set(db.session.scalars(rows.where(SyncTask.record_id.in_(list(record_ids)))))


def release_waiting(task_ids: Iterable[int]) -> None:
    """What waited for these rows may be looked at again."""
    if rows := lock_waiting(task_ids):
        db.session.execute(
            update(SyncTask)
            .where(SyncTask.id.in_(rows))
            .values(
                waits_for_id=None,
                state=case(
                    (SyncTask.state.in_((TaskState.ERROR, TaskState.BACKOFF)), TaskState.QUEUED),
                    else_=SyncTask.state,
                ),
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


def anything_due(connection_id: int) -> bool:
    """Of what nobody else holds: whoever holds a row wakes a worker when it commits."""
    free = select(SyncTask.id).where(*due(connection_id)).limit(1).with_for_update(skip_locked=True)
    return db.session.scalar(free) is not None


def due(connection_id: int) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a row that may be sent now."""
    return (
        SyncTask.connection_id == connection_id,
        SyncTask.state.in_((TaskState.QUEUED, TaskState.BACKOFF)),
        SyncTask.due_at <= now(),
        SyncTask.waits_for_id.is_(None),
    )


def _row(connection_id: int, kind: RecordKind, record_id: int, by_hand: bool) -> dict:
    moment = now()
    return {
        "connection_id": connection_id,
        "kind": kind,
        "record_id": record_id,
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
    }


def _upsert(connection_id: int, kind: RecordKind, ids: list[int], by_hand: bool) -> None:
    statement = insert(SyncTask).values([_row(connection_id, kind, i, by_hand) for i in ids])
    left_out = false() if by_hand else SyncTask.state == TaskState.SKIPPED
    stays = or_(SyncTask.state.in_(ON_THE_WIRE), left_out)
    words = (SyncTask.problem, SyncTask.message, SyncTask.remedy)
    db.session.execute(
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
        ).execution_options(synchronize_session=False)
    )
