"""A run of any kind: one at a time, done or failed with a sentence, never running for ever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from app.extensions import db, redis
from app.quickbooks.account import tokens
from app.quickbooks.models import Connection
from app.quickbooks.models.runs import LOST_AFTER, Run, RunState
from app.quickbooks.orders import disconnect
from app.quickbooks.rehearsal import runs as rehearsals
from app.quickbooks.rehearsal.life import REHEARSALS
from app.quickbooks.runs.life import Runs
from app.quickbooks.runs.troubles import read_trouble
from app.quickbooks.tie_out import runs as tie_outs
from app.quickbooks.tie_out.life import TIE_OUTS


@dataclass(frozen=True)
class Sort:
    """A kind of run as a door meets it."""

    runs: Runs
    start: Callable[[Connection], Run]
    run: Callable[[int], object]


SORTS = {
    "tie-out": Sort(TIE_OUTS, tie_outs.start, lambda run_id: tie_outs.run(run_id, go_on=lambda: True)),
    "rehearsal": Sort(REHEARSALS, rehearsals.start, rehearsals.run),
}


@pytest.fixture(params=SORTS)
def sort(request, quickbooks) -> Sort:
    redis().flushall()  # the nudges of connecting
    return SORTS[request.param]


def ended(run: Run) -> tuple[RunState, str]:
    db.session.refresh(run)
    return run.state, run.message


def is_lost(run: Run, clock) -> bool:
    redis().flushall()
    clock.advance(seconds=LOST_AFTER.total_seconds() + 1)
    return run.is_lost


def test_one_at_a_time(quickbooks, sort, work):
    first = sort.start(quickbooks.connection)
    assert sort.start(quickbooks.connection).id == first.id
    assert redis().llen("rq:queue:slow") == 1
    work()
    assert ended(first) == (RunState.DONE, "")
    assert sort.start(quickbooks.connection).id != first.id


def test_two_owners_at_once_start_one(quickbooks, sort, app):
    connection_id = quickbooks.connection.id
    db.session.rollback()

    def press() -> int:
        with app.app_context():
            return sort.start(db.session.get_one(Connection, connection_id)).id

    with ThreadPoolExecutor(4) as pool:
        started = [pool.submit(press) for _ in range(4)]
    assert len({press.result() for press in started}) == 1
    assert redis().llen("rq:queue:slow") == 1


def test_one_without_a_worker_is_given_up(quickbooks, sort, clock, work):
    dead = sort.start(quickbooks.connection)
    assert dead.is_under_way
    assert is_lost(dead, clock)
    assert sort.runs.trouble(dead) == sort.runs.interrupted
    fresh = sort.start(quickbooks.connection)
    assert fresh.id != dead.id
    assert ended(dead) == (RunState.FAILED, sort.runs.interrupted)
    work()
    assert ended(fresh) == (RunState.DONE, "")


def test_the_one_given_up_does_not_come_back(quickbooks, sort, clock):
    slow = sort.start(quickbooks.connection)
    assert is_lost(slow, clock)
    fresh = sort.start(quickbooks.connection)
    sort.run(slow.id)
    assert ended(slow) == (RunState.FAILED, sort.runs.interrupted)
    assert ended(fresh) == (RunState.RUNNING, "")


def test_without_redis_it_says_that_it_was_not_started(quickbooks, sort, app):
    away = app.extensions["redis"]
    app.extensions["redis"] = type(away).from_url("redis://127.0.0.1:1/0")
    try:
        run = sort.start(quickbooks.connection)
    finally:
        app.extensions["redis"] = away
    assert ended(run) == (RunState.FAILED, sort.runs.not_started)


def test_disconnected_before_the_worker_came(quickbooks, sort, work):
    quickbooks.connection.facts = {}  # known facts leave a rehearsal nothing to read
    run = sort.start(quickbooks.connection)
    disconnect(quickbooks.connection)
    work()
    reading = sort.runs.reading
    assert ended(run) == (RunState.FAILED, reading.foreword + reading.disconnected)


def test_token_words_exist_for_every_error(sort):
    for error in (tokens.NotConnected(), tokens.ReconnectNeeded(), tokens.TokenUnavailable("outage")):
        assert read_trouble(4711, error, sort.runs.reading).endswith((".", "!"))


def test_the_latest_few_that_were_done_are_kept(quickbooks, sort):
    done = []
    for _ in range(sort.runs.kept + 1):
        done.append(sort.start(quickbooks.connection).id)
        sort.run(done[-1])
    failed = sort.start(quickbooks.connection)
    sort.runs.fail(failed.id, "It broke.")
    assert sort.runs.newest_done(quickbooks.connection).id == done[-1]
    assert _kept(sort) == [*done[1:], failed.id]
    sort.run(last := sort.start(quickbooks.connection).id)
    assert _kept(sort) == [*done[2:], last]


def test_one_that_is_gone(quickbooks, sort):
    sort.run(4711)
    assert _kept(sort) == []


def _kept(sort: Sort) -> list[int]:
    db.session.rollback()
    return [run.id for run in db.session.query(sort.runs.table).order_by(sort.runs.table.id)]
