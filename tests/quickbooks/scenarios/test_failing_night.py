"""A night in which QuickBooks refuses three hundred records is one mail in the morning."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.extensions import db, redis
from app.quickbooks.models import SyncTask, TaskState
from tests.quickbooks import builders
from worker import CHORES

EVENING = {"hours": 15}  # from the tests' noon UTC to 22:00 in New York


@pytest.fixture
def pass_time(clock, work) -> Callable[..., None]:
    """The clock moves on, the schedule goes round once, and a worker does what it is given."""

    def move(**time: float) -> None:
        clock.advance(**time)
        redis().flushall()  # a nudge is held for a while of real time
        for chore in CHORES:
            chore.work()
        work()

    return move


def failed() -> int:
    return db.session.scalar(
        select(func.count()).select_from(SyncTask).where(SyncTask.state == TaskState.ERROR)
    )


def test_a_failing_night_of_300_records_is_one_mail(quickbooks, owner, mailbox, pass_time):
    pass_time(**EVENING)
    quickbooks.script("fault", operation="item:customer.create", code="2050", message="Too long", times=None)
    for _ in range(10):
        for _ in range(30):
            builders.customer(owner.company)
        pass_time(minutes=45)
    assert failed() == 300
    assert len(mailbox.letters) == 0  # nobody reads at night
    for _ in range(10):
        pass_time(hours=1)
    (letter,) = mailbox.letters
    assert letter.recipient == "olivia@harbor.example"
    assert letter.subject == "QuickBooks needs attention: 300 records stopped"
    assert "Not in QuickBooks as here: 300 customers." in letter.text
