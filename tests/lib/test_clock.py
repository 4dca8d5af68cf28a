"""One time for all processes, whatever the clocks of their machines say."""

from datetime import UTC, datetime, timedelta

import pytest

from app.extensions import database_time
from app.lib.clock import SET_AGAIN_SECONDS, TRY_AGAIN_SECONDS, SharedClock

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Machine:
    """Counts seconds, and can ask a database that counts its own."""

    def __init__(self) -> None:
        self.seconds, self.database, self.asked, self.away = 1000.0, START, 0, False
        self.clock = SharedClock(self.ask, lambda: self.seconds)

    def ask(self) -> datetime:
        self.asked += 1
        if self.away:
            raise ConnectionError
        return self.database

    def wait(self, seconds: float, drift: float = 0) -> None:
        self.seconds += seconds
        self.database += timedelta(seconds=seconds + drift)


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_it_tells_the_databases_time(machine):
    assert machine.clock.now() == START
    machine.wait(30)
    assert machine.clock.now() == START + timedelta(seconds=30)
    assert machine.asked == 1


def test_it_is_set_again_when_the_machine_counts_wrong(machine):
    machine.clock.now()
    machine.wait(SET_AGAIN_SECONDS, drift=5)
    assert machine.clock.now() == START + timedelta(seconds=SET_AGAIN_SECONDS + 5)


def test_it_never_goes_back(machine):
    machine.clock.now()
    machine.wait(SET_AGAIN_SECONDS - 1)
    before = machine.clock.now()
    machine.wait(1, drift=-20)
    assert machine.clock.now() == before


def test_it_goes_on_while_the_database_is_away(machine):
    machine.clock.now()
    machine.away = True
    machine.wait(SET_AGAIN_SECONDS)
    assert machine.clock.now() == START + timedelta(seconds=SET_AGAIN_SECONDS)
    assert machine.clock.now() == START + timedelta(seconds=SET_AGAIN_SECONDS)
    assert machine.asked == 2
    machine.away = False
    machine.wait(TRY_AGAIN_SECONDS, drift=3)
    assert machine.clock.now() == START + timedelta(seconds=SET_AGAIN_SECONDS + TRY_AGAIN_SECONDS + 3)


def test_half_the_way_of_the_answer_is_counted(machine):
    def slow() -> datetime:
        machine.wait(2)
        return machine.database - timedelta(seconds=1)

    machine.clock = SharedClock(slow, lambda: machine.seconds)
    assert machine.clock.now() == machine.database


def test_it_can_ask_ours(app):
    assert abs(database_time(app)() - datetime.now(UTC)) < timedelta(minutes=1)
