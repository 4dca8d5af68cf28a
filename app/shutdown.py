"""A deploy sends SIGTERM: what is on the wire is finished, nothing new is started.

The main thread waits for the signal itself. A handler would run wherever that thread is just then: within
`requested.wait()` it would wait for a lock that its own thread holds, and the signal would be lost.
"""

import signal
import threading

requested = threading.Event()  # for every thread of the process

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def listen() -> None:
    """Call it in the main thread, before it starts others: from now on a signal is kept until wait() takes it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def wait() -> None:
    """Call it in the main thread. The first signal asks politely; a second one ends the process at once."""
    signal.sigwait(SIGNALS)
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    requested.set()
