"""What RQ calls: an id in, one call, nothing out. An exception here is always a bug."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from app.quickbooks.sync import lane
from app.quickbooks.sync.nudge import nudge, nudge_arrived

SLICE_SECONDS = 20  # then the company queues up behind the others


def drain_connection(connection_id: int) -> None:
    nudge_arrived(connection_id)
    with stop_when_told() as told:
        deadline = time.monotonic() + SLICE_SECONDS
        outcome = lane.drain(connection_id, go_on=lambda: not told() and time.monotonic() < deadline)
    if outcome is lane.Drained.MORE:
        nudge(connection_id)


@contextmanager
def stop_when_told() -> Iterator[Callable[[], bool]]:
    """A deploy sends SIGTERM: what is on the wire is finished, nothing new is started."""
    signals: list[int] = []
    previous = signal.getsignal(signal.SIGTERM)

    def note(number: int, frame: FrameType | None) -> None:
        signals.append(number)
        if callable(previous):
            previous(number, frame)

    signal.signal(signal.SIGTERM, note)
    try:
        yield lambda: bool(signals)
    finally:
        signal.signal(signal.SIGTERM, previous)
