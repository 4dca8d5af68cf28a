"""What a refusal means: its kind, a plain sentence for the person, and one thing to do about it.

This package writes the sentences about QuickBooks' errors; outbox/policy.py decides what is done about a row.
"""

from app.quickbooks.api.errors import Fault, OutcomeUnknown, Refused, Throttled, Unauthorized, error_for
from app.quickbooks.catalogue.ambiguous import MEANINGS
from app.quickbooks.catalogue.entries import Entry, RefusalKind, Who
from app.quickbooks.catalogue.tables import BY_CODE, BY_KEY

__all__ = ["Entry", "RefusalKind", "Who", "entry_for", "problem", "proves_gone"]

NOT_FOUND = "610"


def entry_for(fault: Fault) -> Entry:
    """By code, and by its words where one code means several things (contract section 5). Never fails.

    What error_for takes for an outage or a throttle is one here too, whatever its code: no row is to blame for it.
    """
    error = error_for(fault)
    if isinstance(error, OutcomeUnknown):
        return BY_KEY["outage"]
    if isinstance(error, Throttled):
        return BY_KEY["throttled"]
    for meaning in MEANINGS.get(fault.code, ()):
        if meaning.fits(fault):
            return BY_KEY[meaning.key]
    return BY_CODE.get(fault.code) or _without_known_code(fault, isinstance(error, Unauthorized))


def proves_gone(fault: Fault) -> bool:
    """Whether this answer to a read by Id says that there is no such record.

    Only 610 does (contract sections 5 and 8.6): an inactive customer or item can be read, so 2500 and 6250, which
    speak of what a record names, prove nothing, nor does any other refusal.
    """
    return fault.code == NOT_FOUND and isinstance(error_for(fault), Refused)


def _without_known_code(fault: Fault, unauthorized: bool) -> Entry:
    """A code nobody has told us of, or a page without any."""
    if unauthorized:
        return BY_KEY["unauthorized"]
    if fault.code:
        return BY_KEY["unknown_refusal"]
    return BY_KEY["not_allowed" if fault.inner_status == 403 else "malformed"]


def problem(key: str) -> Entry:
    """An entry by its name; a name without an entry is told as unknown."""
    return BY_KEY.get(key) or BY_KEY["unknown_refusal"]
