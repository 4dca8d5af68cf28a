"""Why a tie-out, or another reading that a person started, could not be finished, and what to do: one sentence or
two.
"""

from dataclasses import dataclass

from app.extensions import db, now
from app.quickbooks.account import metering, standstill, tokens
from app.quickbooks.api.errors import ApiError, QuotaUsedUp
from app.quickbooks.catalogue import Entry, RefusalKind, entry_for, problem
from app.quickbooks.outbox import policy

INTERRUPTED = "The comparison was interrupted before it was done. Compare again."
NOT_STARTED = "The comparison could not be started just now. Try again in a minute."
DISCONNECTED = "QuickBooks was disconnected before the comparison was done."

PASSING = (RefusalKind.THROTTLED, RefusalKind.OUTAGE, RefusalKind.TRANSIENT)


@dataclass(frozen=True)
class Reading:
    """What was read, and how a person starts that once more."""

    of: str
    again: str
    disconnected: str


COMPARISON = Reading("the list of invoices", "Compare again", DISCONNECTED)
REHEARSAL = Reading(
    "what is in QuickBooks",
    "Rehearse again",
    "QuickBooks was disconnected before the rehearsal was done.",
)
PAGE = Reading("what is in QuickBooks", "Try again", "QuickBooks was disconnected meanwhile.")


def read_trouble(connection_id: int, error: ApiError | tokens.TokenError, reading: Reading) -> str:
    """Commits."""
    if isinstance(error, tokens.TokenError):
        return token_trouble(error, reading)
    return wire_trouble(connection_id, error, reading)


def token_trouble(error: tokens.TokenError, reading: Reading = COMPARISON) -> str:
    if isinstance(error, tokens.NotConnected):
        return reading.disconnected
    return _told(problem(error.key), reading)


def wire_trouble(connection_id: int, error: ApiError, reading: Reading = COMPARISON) -> str:
    """What it means for the connection is noted, as the lane would. Commits."""
    if isinstance(error, QuotaUsedUp):
        standstill.stop_reading(connection_id)
        return f"{metering.used_up_words()[0]} {reading.again} then."
    entry = entry_for(error.fault)
    if entry.kind is RefusalKind.AUTHORIZATION:
        standstill.ask_to_reconnect(connection_id, entry.key)
    elif entry.kind is RefusalKind.THROTTLED:
        standstill.pause(connection_id, entry.key, now() + policy.THROTTLE_PAUSE)
    db.session.commit()
    return _told(entry, reading, error.fault.text)


def _told(entry: Entry, reading: Reading, detail: str = "") -> str:
    """The catalogue's remedy for what passes by itself speaks of the queue; this is started by hand."""
    sentence, remedy = entry.words(record=reading.of, detail=detail)
    return f"{sentence} {f'{reading.again} in a few minutes.' if entry.kind in PASSING else remedy}"
