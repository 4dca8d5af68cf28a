"""The published limits are kept before Intuit has to enforce them."""

import threading
import time

import pytest

from app.quickbooks.api.errors import NoTurn
from app.quickbooks.api.pace import BATCHES, BREATH, GAP, PART_GAP, Pace

NOBODY = "redis://127.0.0.1:1/0"


class Naps:
    """Stands for time.sleep: sleeps really, but lets the caller off when a nap is longer than a test is."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        if seconds > 1:
            raise TimeoutError
        time.sleep(seconds)


def moments(pace: Pace, count: int, threads: int = 1) -> list[float]:
    """When each of `count` requests may leave, in order."""
    left: list[float] = []

    def leave() -> None:
        for _ in range(count // threads):
            pace.take("1")
            left.append(time.monotonic())

    crew = [threading.Thread(target=leave) for _ in range(threads)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    return sorted(left)


@pytest.mark.parametrize("threads", [1, 4])
def test_requests_leave_evenly_spaced(redis_url: str, app, threads: int):
    left = moments(Pace(redis_url), 12, threads)
    # Redis counts whole milliseconds, and a clock is read a little after the turn came.
    assert left[-1] - left[0] >= 11 * (GAP - 5) / 1000
    assert all(tenth - first > 1 for first, tenth in zip(left, left[9:], strict=False))


def test_spacing_keeps_the_limits_of_a_second_and_a_minute():
    assert 1000 / GAP + 1 < 10
    assert 60_000 / GAP < 500


@pytest.mark.parametrize("url", ["redis", "nobody"])
def test_a_breath_holds_everybody_of_the_realm(redis_url: str, app, url: str):
    """With Redis also those of another process; others' companies go on."""
    pace = Pace(redis_url if url == "redis" else NOBODY)
    other = Pace(redis_url) if url == "redis" else pace
    started = time.monotonic()
    pace.take_breath("1")
    pace.take("2")
    assert time.monotonic() - started < BREATH / 1000
    other.take("1")
    assert time.monotonic() - started >= (BREATH - 5) / 1000


@pytest.mark.parametrize("redis_is_there", [True, False])
def test_parts_of_batches_never_use_up_a_minute(redis_url: str, app, redis_is_there: bool, monkeypatch):
    """The first goes at once, and so does another company's."""
    assert BATCHES.amount > 60_000 / PART_GAP
    monkeypatch.setattr("app.quickbooks.api.pace.PART_GAP", 60_000)
    naps = Naps()
    pace = Pace(redis_url if redis_is_there else NOBODY, sleep=naps)
    pace.take_part("1")
    pace.take_part("2")
    pace.take("1")
    assert naps.taken == []
    with pytest.raises(TimeoutError):
        pace.take_part("1")


def test_whoever_has_no_patience_is_told_at_once(redis_url: str, app):
    naps = Naps()
    pace = Pace(redis_url, sleep=naps)
    pace.take("1")
    with pytest.raises(NoTurn):
        pace.take("1", patience=0.001)
    assert naps.taken == []


def test_realms_do_not_share_a_budget(redis_url: str, app):
    naps = Naps()
    pace = Pace(redis_url, sleep=naps)
    pace.take("1")
    pace.take("2")
    assert naps.taken == []


def test_processes_share_a_budget_through_redis(redis_url: str, app):
    naps = Naps()
    first, second = Pace(redis_url), Pace(redis_url, sleep=naps)
    before = first.batches_left("1")
    second.take("1", batch=True)
    assert first.batches_left("1") == before - 1 == BATCHES.amount - 1
    first.take("2")
    second.take("2")
    assert sum(naps.taken) > 0


@pytest.mark.parametrize("redis_is_there", [True, False])
def test_a_minute_has_room_for_so_many_batches(redis_url: str, app, redis_is_there: bool, monkeypatch):
    monkeypatch.setattr("app.quickbooks.api.pace.GAP", 1)
    pace = Pace(redis_url if redis_is_there else NOBODY, sleep=Naps())
    for _ in range(BATCHES.amount):
        pace.take("1", batch=True)
    assert pace.batches_left("1") == 0
    with pytest.raises(TimeoutError):
        pace.take("1", batch=True)
    pace.take("1")  # plain requests still leave


def test_without_redis_each_process_counts_for_itself():
    naps = Naps()
    pace = Pace(NOBODY, sleep=naps)
    pace.take("1")
    pace.take("1")
    assert 0 < sum(naps.taken) <= GAP / 1000
