"""A deploy sends SIGTERM: what is on the wire is finished, nothing new is started."""

import signal
import threading
from types import FrameType

requested = threading.Event()  # for every thread of the process

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def listen() -> None:
    """Call it in the main thread. The first signal asks politely; a second one ends the process at once."""
    for number in SIGNALS:
        signal.signal(number, _note)


def _note(number: int, frame: FrameType | None) -> None:
    for other in SIGNALS:
        signal.signal(other, signal.SIG_DFL)
    requested.set()
