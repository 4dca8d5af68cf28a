"""A world whose time runs faster: leases, pauses, backoffs and doubts that take minutes take seconds."""

import os
import time
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo

from flask import Flask

import worker
from app.lib import clock
from app.lib.clock import Clock, SystemClock
from app.quickbooks import jobs
from app.quickbooks.account import metering
from app.quickbooks.lane import lease
from app.quickbooks.outbox import nudge

# Environment variables of the bench's own programs. The last says by how many real seconds this process' own
# clock is off, as that of another machine would be.
SCALE, ORIGIN, CLOCK_OFF = "CHAOS_SCALE", "CHAOS_ORIGIN", "CHAOS_CLOCK_OFF"


class HurriedClock:
    """So many seconds pass in one of the base's; the same in every process that is given the same origin."""

    def __init__(self, base: Clock, scale: int, origin: datetime) -> None:
        self._base, self._scale, self._origin = base, scale, origin

    def now(self) -> datetime:
        return self._origin + (self._base.now() - self._origin) * self._scale


def settings(scale: int) -> dict[str, str]:
    """What every process of one world is told; its time starts now."""
    return {SCALE: str(scale), ORIGIN: SystemClock().now().isoformat()}


def hurry(app: Flask, environment: Mapping[str, str] = os.environ) -> Flask:
    """The app's own clock runs faster; what the product measures in real time is shortened to match."""
    scale = int(environment[SCALE])
    nudge.NUDGES.hold_seconds = max(1, 30 // scale)
    lease.HEARTBEAT_SECONDS = 5 / scale  # type: ignore[assignment]  # in a hurry, parts of a second
    jobs.SLICE_SECONDS = 20 / scale  # type: ignore[assignment]  # the same
    jobs.TURN_SECONDS = 4 / scale  # type: ignore[assignment]  # the same
    metering.ASK_AGAIN = timedelta(minutes=2)  # a month turns soon here
    worker.SWEEP_SECONDS = 10 / scale  # type: ignore[assignment]  # the same
    origin = datetime.fromisoformat(environment[ORIGIN])
    app.extensions["clock"] = HurriedClock(app.extensions["clock"], scale, origin)
    return app


def set_own_clock() -> None:
    """Before the app is made: what this machine's clock says to it."""
    off = float(os.environ.get(CLOCK_OFF, 0))
    true_time = time.time

    class OwnTime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(seconds=off)

    clock.datetime = OwnTime  # type: ignore[misc]
    time.time = lambda: true_time() + off
