"""The published limits (contract section 3), as moving windows on the simulator's clock."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

CONCURRENT = 10


@dataclass(frozen=True)
class Window:
    name: str
    calls: int
    seconds: float
    batches_only: bool = False
    shared_by_apps: bool = False


WINDOWS = (
    Window("requests a second", 10, 1),
    Window("requests a minute", 500, 60, shared_by_apps=True),
    Window("batches a minute", 40, 60, batches_only=True),
    Window("batches a minute, all apps", 120, 60, batches_only=True, shared_by_apps=True),
)


class LimitReachedError(Exception):
    """Names the limit."""


class Limits:
    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._calls: dict[tuple[Window, str, str], deque[float]] = defaultdict(deque)
            self._running: dict[tuple[str, str], int] = defaultdict(int)

    @contextmanager
    def admit(self, realm: str, app: str, batch: bool) -> Iterator[None]:
        """One call for as long as it runs. Raises LimitReachedError; a refused call does not count."""
        with self._lock:
            self._enter(realm, app, batch)
        try:
            yield
        finally:
            with self._lock:
                self._running[realm, app] -= 1

    def _enter(self, realm: str, app: str, batch: bool) -> None:
        if self._running[realm, app] >= CONCURRENT:
            raise LimitReachedError("concurrent requests")
        now = self._seconds()
        histories = [
            self._history(window, realm, app) for window in WINDOWS if batch or not window.batches_only
        ]
        for window, history in histories:
            while history and history[0] <= now - window.seconds:
                history.popleft()
            if len(history) >= window.calls:
                raise LimitReachedError(window.name)
        for _, history in histories:
            history.append(now)
        self._running[realm, app] += 1

    def _history(self, window: Window, realm: str, app: str) -> tuple[Window, deque[float]]:
        return window, self._calls[window, realm, "" if window.shared_by_apps else app]
