"""Why a reading that a person started could not be finished, and what to do: a sentence or two."""

from dataclasses import dataclass

from app.extensions import db, now
from app.quickbooks.account import metering, standstill, tokens
from app.quickbooks.account.page_reads import Enough
from app.quickbooks.api.errors import ApiError, NoTurn, QuotaUsedUp
from app.quickbooks.catalogue import Entry, RefusalKind, entry_for, problem
from app.quickbooks.catalogue.keys import COMPANY_RESET
from app.quickbooks.outbox import policy

PASSING = (RefusalKind.THROTTLED, RefusalKind.OUTAGE, RefusalKind.TRANSIENT)


@dataclass(frozen=True)
class Reading:
    """What was read, how a person starts that once more, and what is said where it was not possible."""

    of: str
    again: str
    disconnected: str
    foreword: str = ""  # before the reason


def read_trouble(connection_id: int, error: ApiError | tokens.TokenError, reading: Reading) -> str:
    """Commits."""
    if isinstance(error, tokens.TokenError):
        return reading.foreword + _token_trouble(error, reading)
    return reading.foreword + _wire_trouble(connection_id, error, reading)


def _token_trouble(error: tokens.TokenError, reading: Reading) -> str:
    if isinstance(error, tokens.NotConnected):
        return reading.disconnected
    return _told(problem(error.key), reading)


def _wire_trouble(connection_id: int, error: ApiError, reading: Reading) -> str:
    """What it means for the connection is noted, as the lane would. Commits."""
    if isinstance(error, QuotaUsedUp):
        standstill.stop_reading(connection_id)
        return f"{metering.used_up_words()[0]} {reading.again} then."
    if isinstance(error, Enough):
        db.session.commit()
        return error.words
    if isinstance(error, NoTurn):
        db.session.commit()
        return f"Sending takes all the requests that QuickBooks allows just now. {reading.again} in a minute."
    entry = entry_for(error.fault)
    if entry.kind is RefusalKind.AUTHORIZATION:
        standstill.ask_to_reconnect(connection_id, entry.key)
    elif entry.kind is RefusalKind.THROTTLED:
        standstill.pause(connection_id, entry.key, now() + policy.THROTTLE_PAUSE)
    elif entry.key == COMPANY_RESET:
        standstill.pause(connection_id, entry.key, now() + policy.LANE_STOPPERS[entry.key])
    db.session.commit()
    return _told(entry, reading, error.fault.text)


def _told(entry: Entry, reading: Reading, detail: str = "") -> str:
    """The catalogue's remedy for what passes by itself speaks of the queue; this is started by hand."""
    sentence, remedy = entry.words(record=reading.of, detail=detail)
    return f"{sentence} {f'{reading.again} in a few minutes.' if entry.kind in PASSING else remedy}"
