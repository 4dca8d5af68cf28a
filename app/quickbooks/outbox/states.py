"""The life of an outbox row, as data, and the one function that moves a row."""

from typing import Any

from sqlalchemy import update

from app.extensions import db, rows_changed
from app.quickbooks.models import SyncTask, TaskState

S = TaskState

ALLOWED: dict[TaskState, frozenset[TaskState]] = {
    S.QUEUED: frozenset({S.QUEUED, S.SENDING, S.SYNCED, S.BACKOFF, S.ERROR, S.SKIPPED}),
    S.SENDING: frozenset({S.SYNCED, S.QUEUED, S.CHECKING, S.BACKOFF, S.ERROR}),
    S.CHECKING: frozenset({S.SYNCED, S.QUEUED, S.BACKOFF, S.ERROR}),
    S.BACKOFF: frozenset({S.QUEUED, S.SENDING, S.SYNCED, S.BACKOFF, S.ERROR, S.SKIPPED}),
    S.ERROR: frozenset({S.QUEUED, S.SKIPPED, S.SYNCED}),  # synced: what differs is left so on purpose
    S.SYNCED: frozenset({S.QUEUED, S.SKIPPED}),
    S.SKIPPED: frozenset({S.QUEUED}),
}

ON_THE_WIRE = (S.SENDING, S.CHECKING)
IN_PROGRESS = (S.QUEUED, *ON_THE_WIRE)
ASLEEP = (S.QUEUED, S.BACKOFF)  # the states a row may wait for another in


class IllegalMove(RuntimeError):
    """A bug: somebody asked for a move the table does not know."""


class LostRace(RuntimeError):
    """Another process moved the row first; the caller's picture of it is old."""


def move(task: SyncTask, to: TaskState, **changes: Any) -> None:
    """One conditional update; the row must still be in the state it was read in.

    Raises IllegalMove and LostRace.
    """
    if to not in ALLOWED[task.state]:
        raise IllegalMove(f"{task.kind} {task.record_id}: {task.state} → {to}")
    db.session.flush()
    moved = rows_changed(
        update(SyncTask)
        .where(SyncTask.id == task.id, SyncTask.state == task.state)
        .values(state=to, **changes)
        .execution_options(synchronize_session=False)
    )
    if moved != 1:
        raise LostRace(f"{task.kind} {task.record_id} is no longer {task.state}")
    db.session.refresh(task)
