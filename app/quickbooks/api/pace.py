"""Intuit's published limits (contract section 3), kept by ourselves so that QuickBooks never has to refuse.

Requests leave evenly spaced: what leaves in a burst may arrive in one second, and a busy machine makes that worse.
The counters live in Redis, because consecutive slices of one company may run in different workers. Without
Redis each process counts for itself, which is right as long as it holds the company's lane.
"""

import math
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from redis import Redis
from redis.exceptions import RedisError

from app.quickbooks.api.errors import THROTTLED, Fault, NoTurn

# Milliseconds from one request to the next: under the published 500 a minute and 10 a second.
GAP = 121
# Under the published 40 a minute, also where the first leave late and those of the next minute at once.
BATCHES = RateLimitItemPerSecond(39, 61)
# Milliseconds from one part of a batch to the next: the minute never runs out of batches for small ones.
PART_GAP = BATCHES.get_expiry() * 1000 // BATCHES.amount + 1
# Of 10 at once (the 2016 reading): one more is the lane's own look-up, one is for a check beside it.
IN_FLIGHT = 8
# Milliseconds after which a second's budget is whole again: requests that left evenly may arrive in a bunch.
BREATH = 1500
PREFIX = "quickbooks:turn:"


class Pace:
    """Waits until one more request of a kind may leave for a realm. Safe for threads."""

    def __init__(
        self, redis_url: str, sleep: Callable[[float], None] = time.sleep, **redis_options: Any
    ) -> None:
        redis = Redis.from_url(redis_url, **redis_options)
        self._shared = _Turns(RedisStorage(redis_url, **redis_options), _SharedGap(redis))
        self._alone = _Turns(MemoryStorage(), _OwnGap())
        self._sleep = sleep
        self._lines: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def take(self, realm_id: str, batch: bool = False, patience: float = math.inf) -> None:
        """Raises NoTurn when no turn comes within `patience` seconds."""
        if batch:
            patience = self._wait(lambda turns: turns.until_batch(realm_id), patience)
        with self._lines[realm_id]:  # of a process's threads one at a time asks for the next turn
            self._wait(lambda turns: turns.until_turn(realm_id, GAP), patience)

    def take_part(self, realm_id: str) -> None:
        """Wait until a batch that is not full may leave: at most PART_GAP while only one lane asks."""
        self._wait(lambda turns: turns.until_turn(f"{realm_id}:part", PART_GAP), math.inf)

    def take_breath(self, realm_id: str) -> None:
        """Nothing more leaves for this realm within BREATH, whichever process it is in."""
        try:
            self._shared.hold(realm_id, BREATH)
        except RedisError:
            self._alone.hold(realm_id, BREATH)

    def batches_left(self, realm_id: str) -> int:
        """How many batches may still leave within the present minute."""
        try:
            return self._shared.batches_left(realm_id)
        except RedisError:
            return self._alone.batches_left(realm_id)

    def _wait(self, take: Callable[["_Turns"], float], patience: float) -> float:
        """Returns what is left of the patience."""
        while wait := self._try(take):
            if wait > patience:
                raise NoTurn(Fault(None, THROTTLED, "No turn came within our own limits."))
            patience -= wait
            self._sleep(wait)
        return patience

    def _try(self, take: Callable[["_Turns"], float]) -> float:
        try:
            return take(self._shared)
        except RedisError:
            return take(self._alone)


class _Turns:
    """Both limits, in Redis or in memory. Each method takes a turn and returns 0.0, or the seconds to wait."""

    def __init__(self, storage: Storage, gap: "_SharedGap | _OwnGap") -> None:
        self._window = MovingWindowRateLimiter(storage)
        self.until_turn, self.hold = gap.until_turn, gap.hold

    def until_batch(self, realm_id: str) -> float:
        if self._window.hit(BATCHES, realm_id):
            return 0.0
        return max(self._window.get_window_stats(BATCHES, realm_id).reset_time - time.time(), 0.02)

    def batches_left(self, realm_id: str) -> int:
        return self._window.get_window_stats(BATCHES, realm_id).remaining


class _SharedGap:
    """A key that lives until the next request may leave, for each realm and for its parts of batches."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def until_turn(self, who: str, gap: int) -> float:
        key = f"{PREFIX}{who}"
        if self._redis.set(key, 1, nx=True, px=gap):
            return 0.0
        return max(self._redis.pttl(key), 1) / 1000

    def hold(self, who: str, milliseconds: int) -> None:
        self._redis.set(f"{PREFIX}{who}", 1, px=milliseconds)


class _OwnGap:
    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}

    def until_turn(self, who: str, gap: int) -> float:
        moment = time.monotonic()
        if (wait := self._free_at.get(who, 0.0) - moment) > 0:
            return wait
        self._free_at[who] = moment + gap / 1000
        return 0.0

    def hold(self, who: str, milliseconds: int) -> None:
        self._free_at[who] = time.monotonic() + milliseconds / 1000
