"""The simulator's clock: real time that can be moved forward and made to run faster."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Condition
from zoneinfo import ZoneInfo

LAST_MOMENT = datetime(9000, 1, 1, tzinfo=UTC).timestamp()
PACIFIC = ZoneInfo("America/Los_Angeles")  # what Intuit's servers print, wherever the company is


class SimulatedClock:
    def __init__(self) -> None:
        self._lock = Condition()  # told whenever the clock is moved
        self._scale = 1.0
        self._anchor = datetime.now(UTC)
        self._anchored_at = time.monotonic()

    def wait_until(self, moment: datetime, is_over: Callable[[], bool]) -> None:
        """Until the clock shows that moment, or the wait is over for another reason (see `wake`)."""
        with self._lock:
            while not is_over() and (left := (moment - self._now()).total_seconds()) > 0:
                self._lock.wait(left / self._scale)

    def wake(self) -> None:
        """Let those who wait look again."""
        with self._lock:
            self._lock.notify_all()

    def now(self) -> datetime:
        with self._lock:
            return self._now()

    def timestamp(self) -> float:
        return self.now().timestamp()

    def today(self) -> str:
        """Intuit's default for TxnDate: the date at its servers (contract section 8, 14)."""
        return self.now().astimezone(PACIFIC).date().isoformat()

    def advance(self, seconds: float) -> None:
        """Raises ValueError for a leap beyond the years that a date can have."""
        with self._lock:
            if self._now().timestamp() + seconds > LAST_MOMENT:
                raise ValueError("The clock cannot go so far")
            self._restart_at(self._now() + timedelta(seconds=seconds))

    def run_at(self, scale: float) -> None:
        """Simulated seconds that pass in one real second."""
        with self._lock:
            self._restart_at(self._now())
            self._scale = scale

    def reset(self) -> None:
        with self._lock:
            self._restart_at(datetime.now(UTC))
            self._scale = 1.0

    def _now(self) -> datetime:
        return self._anchor + timedelta(seconds=(time.monotonic() - self._anchored_at) * self._scale)

    def _restart_at(self, moment: datetime) -> None:
        self._anchor, self._anchored_at = moment, time.monotonic()
        self._lock.notify_all()


class StoppedClock(SimulatedClock):
    """Shows one moment, for what is done as if it were then."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self._moment = moment

    def _now(self) -> datetime:
        return self._moment


def record_time(moment: datetime) -> str:
    """2025-02-24T10:33:39-07:00, as in MetaData."""
    return moment.astimezone(PACIFIC).isoformat(timespec="seconds")


def answer_time(moment: datetime) -> str:
    """With milliseconds, as in the `time` of an envelope."""
    return moment.astimezone(PACIFIC).isoformat(timespec="milliseconds")
