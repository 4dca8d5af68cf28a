"""What RQ calls: an id in, one call, nothing out. An exception here is always a bug."""

import logging
import time
from collections.abc import Callable

from app import shutdown
from app.extensions import BULK, SLOW, SOON, db
from app.patience import AWAY
from app.quickbooks import outbox
from app.quickbooks.account import probing, tokens
from app.quickbooks.lane import draining
from app.quickbooks.matching import earlier
from app.quickbooks.outbox.nudge import hand_over, nudge_arrived, others_wait
from app.quickbooks.rehearsal import runs as rehearsals
from app.quickbooks.tie_out import runs, watch

log = logging.getLogger(__name__)

SLICE_SECONDS = 20  # then the company queues up behind the others
TURN_SECONDS = 4  # the same while others wait
LITTLE = 60  # rows: what is sent within a turn


def drain_connection(connection_id: int) -> None:
    """A company with little to send never waits behind one that has much."""
    nudge_arrived(connection_id)
    try:
        much = outbox.count_due(connection_id, LITTLE + 1) > LITTLE
        db.session.commit()
    except AWAY as error:
        _leave_to_the_sweep(connection_id, error)
        return
    if much:
        hand_over(connection_id)
    else:
        _drain(connection_id, SOON)


def drain_in_bulk(connection_id: int) -> None:
    _drain(connection_id, BULK)


def _drain(connection_id: int, among: str) -> None:
    try:
        outcome = draining.drain(connection_id, go_on=_turn(among))
    except AWAY as error:
        _leave_to_the_sweep(connection_id, error)
        return
    if outcome is draining.Drained.MORE:
        hand_over(connection_id)


def _leave_to_the_sweep(connection_id: int, error: Exception) -> None:
    log.warning("PostgreSQL went away; the sweep takes connection %s up again: %s", connection_id, error)
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
    try:
        watch.check(connection_id)
    except AWAY as error:
        log.warning("PostgreSQL went away; connection %s is checked later: %s", connection_id, error)
        db.session.remove()


def look_for_earlier(connection_id: int) -> None:
    try:
        earlier.look(connection_id)
    except AWAY as error:
        log.warning("PostgreSQL went away; connection %s has to be asked again: %s", connection_id, error)
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
    try:
        done = runs.run(tie_out_id, go_on=_turn(SLOW))
    except AWAY as error:
        log.warning("PostgreSQL went away; tie-out %s has to be started again: %s", tie_out_id, error)
        db.session.remove()
        return
    if not done:
        runs.run_later(tie_out_id)


def rehearse(rehearsal_id: int) -> None:
    try:
        rehearsals.run(rehearsal_id)
    except AWAY as error:
        log.warning("PostgreSQL went away; rehearsal %s has to be started again: %s", rehearsal_id, error)
        db.session.remove()
