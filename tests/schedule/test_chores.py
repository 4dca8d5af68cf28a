"""Each chore is done when it is due, by one worker, whatever goes wrong in another."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from app.extensions import db, now
from app.schedule.chores import AGAIN, SHORTEST_TURN, Chore, do_due
from app.schedule.models import ChoreTime
from bench.measuring import statements

HOUR = timedelta(hours=1)


class Work:
    """Counts how often it was done; raises the errors it is given first."""

    def __init__(self, *errors: Exception, name: str = "work") -> None:
        self.done, self.errors, self.__name__ = 0, list(errors), name

    def __call__(self) -> None:
        self.done += 1
        if self.errors:
            raise self.errors.pop(0)


def test_a_chore_is_done_once_in_its_time(app, clock):
    work = Work()
    for _ in range(3):
        do_due([Chore(work, HOUR)])
    assert work.done == 1
    clock.advance(hours=1)
    do_due([Chore(work, HOUR)])
    assert work.done == 2
    assert db.session.get_one(ChoreTime, Chore(work, HOUR).name).done_at == now()


def test_that_nothing_is_due_takes_one_statement(app):
    chores = [Chore(Work(name=name), HOUR) for name in ("first", "second", "third")]
    do_due(chores)
    with statements() as issued:
        do_due(chores)
    assert len(issued) == 1


@pytest.mark.parametrize("error", [KeyError("a bug"), OperationalError("SELECT", {}, Exception("gone"))])
def test_one_that_fails_is_tried_again_soon_and_holds_up_no_other(app, clock, error):
    failing, other = Work(error), Work(name="other")
    do_due([Chore(failing, HOUR), Chore(other, HOUR)])
    assert (failing.done, other.done) == (1, 1)
    clock.advance(seconds=AGAIN.total_seconds())
    do_due([Chore(failing, HOUR), Chore(other, HOUR)])
    assert (failing.done, other.done) == (2, 1)


def test_of_many_workers_one_does_it(app):
    work = Work()

    def worker(_: int) -> None:
        with app.app_context():
            do_due([Chore(work, HOUR)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(worker, range(8)))
    assert work.done == 1


def test_a_worker_that_dies_at_it_is_replaced(app, clock):
    class Killed(BaseException):
        pass

    dying = Work(Killed())
    with pytest.raises(Killed):
        do_due([Chore(dying, timedelta(seconds=10))])
    db.session.rollback()
    do_due([Chore(dying, timedelta(seconds=10))])
    assert dying.done == 1
    clock.advance(seconds=SHORTEST_TURN.total_seconds())
    do_due([Chore(dying, timedelta(seconds=10))])
    assert dying.done == 2
