"""Every version of a company's records, and whose hand wrote it: what QuickBooks' own audit log would tell."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from simulator.books.table import Record

MOST_CHANGES = 50_000
APP, BOOKKEEPER = "app", "bookkeeper"


@dataclass(frozen=True)
class Change:
    """`before` is None for a new record, `after` is None for a deleted one."""

    number: int
    time: datetime
    kind: str
    by: str
    before: Record | None
    after: Record | None

    @property
    def id(self) -> str:
        record: Record = self.after or self.before or {}
        return str(record["Id"])

    def as_dict(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "time": self.time.isoformat(),
            "kind": self.kind,
            "id": self.id,
            "by": self.by,
            "before": self.before,
            "after": self.after,
        }


class History:
    """The newest changes; the oldest go first when there are too many."""

    def __init__(self) -> None:
        self._changes: deque[Change] = deque(maxlen=MOST_CHANGES)
        self._lock = Lock()
        self._last = 0

    def add(self, time: datetime, kind: str, by: str, before: Record | None, after: Record | None) -> Change:
        with self._lock:
            self._last += 1
            change = Change(self._last, time, kind, by, before, after)
            self._changes.append(change)
            return change

    def since(self, number: int) -> list[Change]:
        """Changes after that number, oldest first."""
        with self._lock:
            return [change for change in self._changes if change.number > number]

    def as_of(self, moment: datetime, kind: str, records: list[Record]) -> list[Record]:
        """The records as they were then; those that did not exist yet are left out."""
        earlier: dict[str, Record | None] = {}
        with self._lock:
            for change in reversed(self._changes):
                if change.time <= moment:
                    break
                if change.kind == kind:
                    earlier[change.id] = change.before
        seen = [earlier.get(record["Id"], record) for record in records]
        return [record for record in seen if record is not None]
