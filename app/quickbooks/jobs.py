"""What RQ calls: an id in, one call, nothing out. An exception here is always a bug."""

import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from sqlalchemy.exc import InterfaceError, OperationalError

from app.extensions import db
from app.quickbooks.account import probing, tokens
from app.quickbooks.lane import draining
from app.quickbooks.outbox.nudge import nudge, nudge_arrived
from app.quickbooks.tie_out import runs, watch

log = logging.getLogger(__name__)

SLICE_SECONDS = 20  # then the company queues up behind the others


def drain_connection(connection_id: int) -> None:
    nudge_arrived(connection_id)
    with stop_when_told() as must_stop:
        deadline = time.monotonic() + SLICE_SECONDS
        try:
            outcome = draining.drain(
                connection_id, go_on=lambda: not must_stop() and time.monotonic() < deadline
            )
        except (OperationalError, InterfaceError) as error:
            log.warning(
                "PostgreSQL went away; the sweep takes connection %s up again: %s", connection_id, error
            )
            db.session.remove()  # what broke in it would fail the next job
            return
    if outcome is draining.Drained.MORE:
        nudge(connection_id)


def check_books(connection_id: int) -> None:
    try:
        watch.check(connection_id)
    except (OperationalError, InterfaceError) as error:
        log.warning("PostgreSQL went away; connection %s is checked later: %s", connection_id, error)
        db.session.remove()


def renew_tokens(connection_id: int) -> None:
    """Whatever keeps it from being done, the next try comes by itself (account/renewal.py)."""
    try:
        tokens.access_token(connection_id)
    except tokens.TokenError as error:
        db.session.rollback()
        log.info("The tokens of QuickBooks connection %s were not renewed: %s", connection_id, error)


def probe_connection(connection_id: int) -> None:
    probing.probe(connection_id)


def compare_books(tie_out_id: int) -> None:
    with stop_when_told() as must_stop:
        deadline = time.monotonic() + SLICE_SECONDS
        try:
            done = runs.run(tie_out_id, go_on=lambda: not must_stop() and time.monotonic() < deadline)
        except (OperationalError, InterfaceError) as error:
            log.warning("PostgreSQL went away; tie-out %s has to be started again: %s", tie_out_id, error)
            db.session.remove()
            return
    if not done:
        runs.enqueue(tie_out_id)


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
