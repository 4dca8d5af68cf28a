"""A world whose time runs faster: leases, pauses, backoffs and doubts that take minutes take seconds."""

import os
from datetime import datetime

import worker
from app.lib.clock import SystemClock
from app.quickbooks import jobs
from app.quickbooks.lane import lease
from app.quickbooks.outbox import nudge

SCALE, ORIGIN = "CHAOS_SCALE", "CHAOS_ORIGIN"  # environment variables of the bench's own programs


class HurriedClock:
    """So many seconds pass in a real one; the same in every process that is given the same origin."""

    def __init__(self, scale: int, origin: datetime) -> None:
        self._scale, self._origin = scale, origin
        self._real = SystemClock()

    def now(self) -> datetime:
        return self._origin + (self._real.now() - self._origin) * self._scale


def settings(scale: int) -> dict[str, str]:
    """What every process of one world is told; its time starts now."""
    return {SCALE: str(scale), ORIGIN: SystemClock().now().isoformat()}


def hurried_clock(environment: dict[str, str] | None = None) -> HurriedClock:
    """The world's clock; what the product measures in real time is shortened to match."""
    told = environment or os.environ
    scale = int(told[SCALE])
    nudge.HOLD_SECONDS = max(1, 30 // scale)
    lease.HEARTBEAT_SECONDS = 5 / scale  # type: ignore[assignment]  # in a hurry, parts of a second
    jobs.SLICE_SECONDS = 20 / scale  # type: ignore[assignment]  # the same
    worker.SWEEP_SECONDS = 10 / scale  # type: ignore[assignment]  # the same
    return HurriedClock(scale, datetime.fromisoformat(told[ORIGIN]))
