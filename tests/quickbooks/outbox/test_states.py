"""A row moves only along the table, and only from the state it was read in."""

import pytest
from sqlalchemy import update

from app.extensions import db
from app.quickbooks.models import SyncTask, TaskState
from app.quickbooks.outbox.states import ALLOWED, IllegalMove, LostRace, move
from tests.people import Actor
from tests.quickbooks import builders

EVERY_PAIR = [(before, after) for before in TaskState for after in TaskState]


@pytest.fixture
def task(owner: Actor) -> SyncTask:
    connection = builders.connected(owner.company)
    return builders.task_of(connection, builders.customer(owner.company))


@pytest.mark.parametrize(("before", "after"), EVERY_PAIR, ids=[f"{a}-{b}" for a, b in EVERY_PAIR])
def test_every_pair_of_states(task: SyncTask, before: TaskState, after: TaskState):
    builders.put_in(task, before)
    if after in ALLOWED[before]:
        move(task, after)
        assert task.state is after
    else:
        with pytest.raises(IllegalMove):
            move(task, after)


def test_a_row_that_somebody_else_moved_is_left_alone(task: SyncTask):
    db.session.execute(
        update(SyncTask).values(state=TaskState.SKIPPED).execution_options(synchronize_session=False)
    )
    with pytest.raises(LostRace):
        move(task, TaskState.SYNCED)
