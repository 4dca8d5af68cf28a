"""What a failed call or a missing token means for the whole company: a pause, or a person has to reconnect."""

from datetime import timedelta

from app.extensions import db, now
from app.quickbooks.account import standstill, tokens
from app.quickbooks.api.errors import ApiError, Throttled, Unauthorized
from app.quickbooks.catalogue import Kind, entry_for
from app.quickbooks.outbox import policy


class Halt(Exception):
    """Nothing more may be sent for this company at present."""


def of_token(connection_id: int, error: tokens.TokenError) -> None:
    """A refused one has been noted already where it was asked for. Commits."""
    db.session.rollback()
    if isinstance(error, tokens.TokenUnavailable):
        standstill.pause(connection_id, error.pause, now() + policy.OUTAGE_PAUSE)
        db.session.commit()


def of_read(connection_id: int, error: ApiError) -> None:
    """Nothing was sent, so no row is to blame. Commits."""
    db.session.rollback()
    entry = entry_for(error.fault)
    if isinstance(error, Unauthorized) or entry.kind is Kind.AUTHORIZATION:
        standstill.ask_to_reconnect(connection_id, entry.key)
        db.session.commit()
    else:
        pause_for(connection_id, error)


def pause_for(connection_id: int, error: ApiError) -> None:
    """As long as QuickBooks asks for, else as the policy says. Commits."""
    entry = entry_for(error.fault)
    pause = policy.LANE_STOPPERS.get(entry.key, policy.OUTAGE_PAUSE)
    if isinstance(error, Throttled):
        pause = timedelta(seconds=error.retry_after) if error.retry_after else policy.THROTTLE_PAUSE
    standstill.pause(connection_id, entry.key, now() + pause)
    db.session.commit()
