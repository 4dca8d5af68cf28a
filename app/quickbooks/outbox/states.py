"""The life of an outbox row, as data, the function that moves one loaded row, and which rows need somebody."""

from sqlalchemy import and_

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
# Their problem is another record's: they follow by themselves once that is there.
FOLLOWING = frozenset({"needed_record_failed", "needed_customer_doubtful", "waits_for_payment"})
NEEDS_SOMEBODY = and_(SyncTask.state == TaskState.ERROR, SyncTask.problem.not_in(FOLLOWING))
FOLLOWS = and_(SyncTask.state == TaskState.ERROR, SyncTask.problem.in_(FOLLOWING))


class IllegalMove(RuntimeError):
    """A bug: somebody asked for a move the table does not know."""


def move(task: SyncTask, to: TaskState) -> None:
    """Nobody else moves it meanwhile: the present transaction has locked the row (batches.lock_rows,
    outbox.task_for), and writes this with its other changes. Raises IllegalMove.
    """
    if to not in ALLOWED[task.state]:
        raise IllegalMove(f"{task.kind} {task.record_id}: {task.state} → {to}")
    task.state = to
