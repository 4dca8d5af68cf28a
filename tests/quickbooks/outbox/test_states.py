"""A row moves only along the table."""

import pytest

from app.quickbooks.models import SyncTask, TaskState
from app.quickbooks.outbox.states import IllegalMove, move
from tests.people import Actor
from tests.quickbooks import builders

S = TaskState
MAY_BECOME = {
    S.QUEUED: {S.QUEUED, S.SENDING, S.SYNCED, S.BACKOFF, S.ERROR, S.SKIPPED},
    S.SENDING: {S.QUEUED, S.CHECKING, S.SYNCED, S.BACKOFF, S.ERROR},
    S.CHECKING: {S.QUEUED, S.SYNCED, S.BACKOFF, S.ERROR},
    S.BACKOFF: {S.QUEUED, S.SENDING, S.SYNCED, S.BACKOFF, S.ERROR, S.SKIPPED},
    S.ERROR: {S.QUEUED, S.SYNCED, S.SKIPPED},
    S.SYNCED: {S.QUEUED, S.SKIPPED},
    S.SKIPPED: {S.QUEUED},  # by a person alone
}
EVERY_PAIR = [(before, after) for before in TaskState for after in TaskState]


@pytest.fixture
def task(owner: Actor) -> SyncTask:
    connection = builders.connected(owner.company)
    return builders.task_of(connection, builders.customer(owner.company))


@pytest.mark.parametrize(("before", "after"), EVERY_PAIR, ids=[f"{a}-{b}" for a, b in EVERY_PAIR])
def test_every_pair_of_states(task: SyncTask, before: TaskState, after: TaskState):
    builders.put_in(task, before)
    if after in MAY_BECOME[before]:
        move(task, after)
        assert task.state is after
    else:
        with pytest.raises(IllegalMove):
            move(task, after)
