"""Intuit's published limits (contract section 3), kept by ourselves so that QuickBooks never has to refuse.

The counters live in Redis, because consecutive slices of one company may run in different workers. Without
Redis each process counts for itself, which is right as long as it holds the company's lane.
"""

import math
import threading
import time
from collections.abc import Callable
from typing import Any

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from app.quickbooks.api.errors import THROTTLED, Fault, Throttled

# Under the published 10, 500 and 40: what leaves in two seconds may arrive in one.
REQUESTS = (RateLimitItemPerSecond(8), RateLimitItemPerMinute(480))
BATCHES = (RateLimitItemPerMinute(39), *REQUESTS)
IN_FLIGHT = 9  # the 2016 reading of the limit was 10 at once


class Pace:
    """Waits until one more request of a kind may leave for a realm. Safe for threads."""

    def __init__(
        self, redis_url: str, sleep: Callable[[float], None] = time.sleep, **redis_options: Any
    ) -> None:
        self._shared = MovingWindowRateLimiter(RedisStorage(redis_url, **redis_options))
        self._alone = MovingWindowRateLimiter(MemoryStorage())
        self._sleep = sleep
        self._turn = threading.Lock()

    def take(self, realm_id: str, batch: bool = False, patience: float = math.inf) -> None:
        """Raises Throttled when no turn comes within `patience` seconds."""
        limits = BATCHES if batch else REQUESTS
        while wait := self._try(limits, realm_id):
            if wait > patience:
                raise Throttled(Fault(None, THROTTLED, "No turn came within our own limits."))
            patience -= wait
            self._sleep(wait)

    def batches_left(self, realm_id: str) -> int:
        """How many batches may still leave within the present minute."""
        limit = BATCHES[0]
        try:
            return self._shared.get_window_stats(limit, realm_id).remaining
        except RedisError:
            return self._alone.get_window_stats(limit, realm_id).remaining

    def _try(self, limits: tuple[RateLimitItem, ...], realm_id: str) -> float:
        """0.0 when taken, else the seconds to wait before the next try."""
        with self._turn:
            try:
                return self._take_or_wait(self._shared, limits, realm_id)
            except RedisError:
                return self._take_or_wait(self._alone, limits, realm_id)

    @staticmethod
    def _take_or_wait(
        limiter: MovingWindowRateLimiter, limits: tuple[RateLimitItem, ...], realm_id: str
    ) -> float:
        for limit in limits:
            if not limiter.test(limit, realm_id):
                until = limiter.get_window_stats(limit, realm_id).reset_time
                return max(until - time.time(), 0.02)
        for limit in limits:
            limiter.hit(limit, realm_id)
        return 0.0
