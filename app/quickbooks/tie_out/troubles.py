"""Why a tie-out could not be finished, and what to do: one sentence or two."""

from app.extensions import db, now
from app.quickbooks.account import metering, standstill, tokens
from app.quickbooks.api.errors import ApiError, QuotaUsedUp
from app.quickbooks.catalogue import Entry, RefusalKind, entry_for, problem
from app.quickbooks.outbox import policy

INTERRUPTED = "The comparison was interrupted before it was done. Compare again."
NOT_STARTED = "The comparison could not be started just now. Try again in a minute."
DISCONNECTED = "QuickBooks was disconnected before the comparison was done."
LATER = "Compare again in a few minutes."
NEXT_MONTH = "Compare again then."

PASSING = (RefusalKind.THROTTLED, RefusalKind.OUTAGE, RefusalKind.TRANSIENT)


def token_trouble(error: tokens.TokenError) -> str:
    return DISCONNECTED if isinstance(error, tokens.NotConnected) else _told(problem(error.key))


def wire_trouble(connection_id: int, error: ApiError) -> str:
    """What it means for the connection is noted, as the lane would. Commits."""
    if isinstance(error, QuotaUsedUp):
        standstill.stop_reading(connection_id)
        return f"{metering.used_up_words()[0]} {NEXT_MONTH}"
    entry = entry_for(error.fault)
    if entry.kind is RefusalKind.AUTHORIZATION:
        standstill.ask_to_reconnect(connection_id, entry.key)
    elif entry.kind is RefusalKind.THROTTLED:
        standstill.pause(connection_id, entry.key, now() + policy.THROTTLE_PAUSE)
    db.session.commit()
    return _told(entry, error.fault.text)


def _told(entry: Entry, detail: str = "") -> str:
    """The catalogue's remedy for what passes by itself speaks of the queue; a comparison is started by hand."""
    sentence, remedy = entry.words(record="the list of invoices", detail=detail)
    return f"{sentence} {LATER if entry.kind in PASSING else remedy}"
