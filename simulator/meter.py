"""Reads are metered, writes are not (contract section 3.1): calls of a month, and the quota of the app."""

from collections import Counter, defaultdict
from threading import Lock
from typing import Any

from simulator.clock import PACIFIC, SimulatedClock
from simulator.switches import Switches

BATCH_QUERY = "batch.query"
READS = {"query", "cdc", BATCH_QUERY}
READING = (".read", ".pdf")


class QuotaUsedUpError(Exception):
    """No more reads until the month ends."""


def is_read(operation: str) -> bool:
    return operation in READS or operation.endswith(READING)


class Meter:
    """Successful calls by month, company and kind of call. Months are those of Intuit's clock."""

    def __init__(self, clock: SimulatedClock, switches: Switches) -> None:
        self._clock, self._switches = clock, switches
        self._lock = Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._calls: dict[str, dict[str, Counter[str]]] = {}
            self._reads: Counter[str] = Counter()  # by month

    def count(self, realm: str, operation: str) -> None:
        month = self.month()
        with self._lock:
            self._calls.setdefault(month, defaultdict(Counter))[realm][operation] += 1
            self._reads[month] += is_read(operation)

    def require_room(self) -> None:
        """Raises QuotaUsedUpError when the app has read as often this month as it may."""
        if self._reads[self.month()] >= self._switches.read_quota:
            raise QuotaUsedUpError

    def usage(self) -> dict[str, Any]:
        """This month: the quota, how many reads count for it, and all calls by company and kind."""
        month = self.month()
        with self._lock:
            calls = {realm: dict(kinds) for realm, kinds in self._calls.get(month, {}).items()}
            reads = {
                realm: sum(times for operation, times in kinds.items() if is_read(operation))
                for realm, kinds in calls.items()
            }
        quota, total = self._switches.read_quota, sum(reads.values())
        return {"month": month, "quota": quota, "reads": total, "reads_by_realm": reads, "calls": calls}

    def month(self) -> str:
        return self._clock.now().astimezone(PACIFIC).strftime("%Y-%m")

    def dump(self) -> dict[str, dict[str, dict[str, int]]]:
        with self._lock:
            return {
                month: {realm: dict(kinds) for realm, kinds in realms.items()}
                for month, realms in self._calls.items()
            }

    def restore(self, saved: dict[str, dict[str, dict[str, int]]]) -> None:
        self.reset()
        for month, realms in saved.items():
            counted = {realm: Counter(kinds) for realm, kinds in realms.items()}
            self._calls[month] = defaultdict(Counter, counted)
            reads = (n for kinds in counted.values() for name, n in kinds.items() if is_read(name))
            self._reads[month] = sum(reads)
