"""Every call that arrived, with its answer, for tests and for the pages."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from threading import Lock
from typing import Any

from simulator import exact_json

MOST_CALLS, MOST_BYTES = 5000, 64 * 1024 * 1024
SECRETS = re.compile(rb'((?:refresh_token|access_token|client_secret|code|token)"?[=:]\s*"?)[^"&\s]+')


@dataclass(frozen=True)
class Call:
    number: int
    time: datetime
    method: str
    path: str
    operation: str
    realm: str | None
    requestid: str | None
    status: int | None  # none when the connection was cut without an answer
    sent: bytes
    answered: bytes
    seconds: float
    tid: str
    struck: Sequence[dict[str, str]] = ()  # what scripts did to it: effect, operation, label
    limit: str = ""  # the name of the limit that refused it

    @property
    def size(self) -> int:
        return len(self.sent) + len(self.answered)

    @property
    def faults(self) -> int:
        """Refusals within the answer: a batch of 200 may hold several."""
        return self.answered.count(b'"Fault":')

    def as_dict(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "time": self.time.isoformat(),
            "method": self.method,
            "path": self.path,
            "operation": self.operation,
            "realm": self.realm,
            "requestid": self.requestid,
            "status": self.status,
            "request": _readable(self.sent),
            "response": _readable(self.answered),
            "bytes": len(self.answered),
            "seconds": round(self.seconds, 4),
            "intuit_tid": self.tid,
            "struck": self.struck,
            "limit": self.limit,
        }


class Journal:
    """The newest calls; the oldest go first when there are too many or they are too large."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._numbers = count(1)
        self._calls: deque[Call] = deque()
        self._bytes = 0
        self.running = 0  # calls that have arrived and are not answered yet

    @contextmanager
    def arrived(self) -> Iterator[None]:
        """Around the work on one call."""
        with self._lock:
            self.running += 1
        try:
            yield
        finally:
            with self._lock:
                self.running -= 1

    def add(self, **facts: Any) -> None:
        if facts["realm"] is None:  # a call of the sign-in service
            facts |= {name: SECRETS.sub(rb"\1***", facts[name]) for name in ("sent", "answered")}
        with self._lock:
            self._calls.append(Call(number=next(self._numbers), **facts))
            self._bytes += self._calls[-1].size
            while len(self._calls) > MOST_CALLS or self._bytes > MOST_BYTES:
                self._bytes -= self._calls.popleft().size

    def since(self, number: int, realm: str | None = None) -> list[Call]:
        """Calls after that number, oldest first."""
        with self._lock:
            return [call for call in self._calls if call.number > number and realm in (None, call.realm)]

    def find(self, number: int) -> Call | None:
        with self._lock:
            return next((call for call in self._calls if call.number == number), None)

    def clear(self) -> None:
        """Numbers go on, so that "since" stays meaningful."""
        with self._lock:
            self._calls.clear()
            self._bytes = 0


def _readable(body: bytes) -> Any:
    try:
        return exact_json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
