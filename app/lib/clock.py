"""Clocks. Everything that asks for the time is given one, so that tests can move it."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

SET_AGAIN_SECONDS, TRY_AGAIN_SECONDS = 60, 5


class Clock(Protocol):
    def now(self) -> datetime: ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SharedClock:
    """One time for all processes, whatever the clocks of their machines say.

    `ask` tells the shared time; it is asked once a minute, and in between the machine counts the seconds. While it
    cannot be asked the count goes on, and before it was ever asked the machine's own clock has to do.
    """

    def __init__(self, ask: Callable[[], datetime], seconds: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._seconds = ask, seconds
        self._lock = threading.Lock()
        self._zero: datetime | None = None  # the shared time at which `seconds` was 0
        self._ask_at = 0.0
        self._latest = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """Never earlier than it said before."""
        if self._zero is None or self._seconds() >= self._ask_at:
            self._set()
        moment = self._zero + timedelta(seconds=self._seconds()) if self._zero else datetime.now(UTC)
        with self._lock:
            self._latest = max(self._latest, moment)
            return self._latest

    def _set(self) -> None:
        with self._lock:
            if self._zero is not None and self._seconds() < self._ask_at:
                return
            self._ask_at = self._seconds() + SET_AGAIN_SECONDS
        before = self._seconds()
        try:
            told = self._ask()
        except Exception:  # whatever keeps it from telling, the count goes on
            self._ask_at = self._seconds() + TRY_AGAIN_SECONDS
            return
        middle = (before + self._seconds()) / 2
        self._zero = told - timedelta(seconds=middle)


class FixedClock:
    """A clock that stands still until somebody moves it."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, **delta: float) -> None:
        self._now += timedelta(**delta)
