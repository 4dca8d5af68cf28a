"""What RQ calls: an id in, one call, nothing out. An exception here is always a bug."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app import shutdown
from app.extensions import BULK, SLOW, SOON, db
from app.patience import AWAY
from app.quickbooks import outbox
from app.quickbooks.account import access, probing, tokens
from app.quickbooks.checks import daily
from app.quickbooks.lane import draining
from app.quickbooks.matching import finding_invoices
from app.quickbooks.outbox.nudge import hand_over, nudge_arrived, others_wait
from app.quickbooks.rehearsal import runs as rehearsals
from app.quickbooks.tie_out import runs
from app.quickbooks.tie_out.life import TIE_OUTS

log = logging.getLogger(__name__)

SLICE_SECONDS = 20  # then the company queues up behind the others
TURN_SECONDS = 4  # the same while others wait
LEFT_TO_THE_SWEEP = "the sweep takes connection %s up again"
LITTLE = 60  # rows: what is sent within a turn


def drain_connection(connection_id: int) -> None:
    """A company with little to send never waits behind one that has much."""
    nudge_arrived(connection_id)
    with postgres_may_go_away(LEFT_TO_THE_SWEEP, connection_id):
        much = outbox.count_due(connection_id, LITTLE + 1) > LITTLE
        if much:
            hand_over(connection_id)
        else:
            _drain(connection_id, SOON)


def drain_in_bulk(connection_id: int) -> None:
    _drain(connection_id, BULK)


def _drain(connection_id: int, among: str) -> None:
    with postgres_may_go_away(LEFT_TO_THE_SWEEP, connection_id):
        if draining.drain(connection_id, go_on=_turn(among)) is draining.Drained.MORE:
            hand_over(connection_id)


@contextmanager
def postgres_may_go_away(then: str, id_: int) -> Iterator[None]:
    """A restart or a failover ends the job without an error; `then` says what becomes of its work."""
    try:
        yield
    except AWAY as error:
        log.warning(f"PostgreSQL went away; {then}: %s", id_, error)
        db.session.remove()  # what broke in it would fail the next job


def _turn(among: str) -> Callable[[], bool]:
    """Whether a slice that begins now may go on: a short one while other jobs wait in its queue."""
    started = time.monotonic()

    def go_on() -> bool:
        seconds = time.monotonic() - started
        if shutdown.requested.is_set() or seconds >= SLICE_SECONDS:
            return False
        return seconds < TURN_SECONDS or not others_wait(among)

    return go_on


def check_books(connection_id: int) -> None:
    with postgres_may_go_away("connection %s is checked later", connection_id):
        daily.check(connection_id)


def look_for_earlier(connection_id: int) -> None:
    with postgres_may_go_away("connection %s has to be asked again", connection_id):
        finding_invoices.look(connection_id)


def renew_tokens(connection_id: int) -> None:
    """Whatever keeps it from being done, the next try comes by itself (account/renewal.py)."""
    try:
        access.token(connection_id)
    except tokens.TokenError as error:
        db.session.rollback()
        log.info("The tokens of QuickBooks connection %s were not renewed: %s", connection_id, error)


def probe_connection(connection_id: int) -> None:
    probing.probe(connection_id)


def compare_books(tie_out_id: int) -> None:
    with postgres_may_go_away("tie-out %s has to be started again", tie_out_id):
        if not runs.run(tie_out_id, go_on=_turn(SLOW)):
            TIE_OUTS.run_later(tie_out_id)


def rehearse(rehearsal_id: int) -> None:
    with postgres_may_go_away("rehearsal %s has to be started again", rehearsal_id):
        rehearsals.run(rehearsal_id)
