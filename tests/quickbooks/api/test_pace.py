"""The published limits are kept before Intuit has to enforce them."""

import time

import pytest

from app.quickbooks.api.errors import Throttled
from app.quickbooks.api.pace import BATCHES, REQUESTS, Pace


class Naps:
    """Stands for time.sleep: remembers instead of sleeping, then lets the caller off after a few."""

    def __init__(self, at_most: int) -> None:
        self.taken: list[float] = []
        self._at_most = at_most

    def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        if len(self.taken) >= self._at_most:
            raise TimeoutError


def taken_before_waiting(pace: Pace, batch: bool, naps: Naps) -> int:
    done = 0
    try:
        while True:
            pace.take("1", batch=batch)
            done += 1
    except TimeoutError:
        return done


def test_a_second_has_room_for_a_few_requests(redis_url: str, app):
    naps = Naps(at_most=1)
    started = time.monotonic()
    assert taken_before_waiting(Pace(redis_url, sleep=naps), False, naps) >= REQUESTS[0].amount
    assert naps.taken[0] <= 1.0
    assert time.monotonic() - started < 5


def test_whoever_has_no_patience_is_told_at_once(redis_url: str, app):
    naps = Naps(at_most=1)
    pace = Pace(redis_url, sleep=naps)
    for _ in range(REQUESTS[0].amount):
        pace.take("1")
    with pytest.raises(Throttled):
        pace.take("1", patience=0.001)
    assert naps.taken == []


def test_realms_do_not_share_a_budget(redis_url: str, app):
    naps = Naps(at_most=1)
    pace = Pace(redis_url, sleep=naps)
    for _ in range(REQUESTS[0].amount):
        pace.take("1")
    pace.take("2")
    assert naps.taken == []


def test_processes_share_a_budget_through_redis(redis_url: str, app):
    first, second = Pace(redis_url), Pace(redis_url)
    before = first.batches_left("1")
    second.take("1", batch=True)
    assert first.batches_left("1") == before - 1 == BATCHES[0].amount - 1


def test_without_redis_each_process_counts_for_itself():
    naps = Naps(at_most=1)
    pace = Pace("redis://127.0.0.1:1/0", sleep=naps)
    assert taken_before_waiting(pace, True, naps) == REQUESTS[0].amount
    assert pace.batches_left("1") == BATCHES[0].amount - REQUESTS[0].amount
