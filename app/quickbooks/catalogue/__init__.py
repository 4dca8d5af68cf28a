"""What a refusal means: its kind, a plain sentence for the person, and one thing to do about it.

Only this package writes sentences about QuickBooks' errors; only sync/policy.py decides what is done.
"""

from app.quickbooks.api.errors import Fault
from app.quickbooks.catalogue.ambiguous import CHOICES
from app.quickbooks.catalogue.entries import Entry, Kind
from app.quickbooks.catalogue.tables import BY_CODE, BY_KEY

__all__ = ["Entry", "Kind", "entry_for", "problem"]


def entry_for(fault: Fault) -> Entry:
    """By code, and by its words where one code means several things (contract section 5). Never fails."""
    for choice in CHOICES.get(fault.code, ()):
        if choice.fits(fault):
            return BY_KEY[choice.key]
    if fault.code in BY_CODE:
        return BY_CODE[fault.code]
    no_answer = fault.status is None or (fault.inner_status or 0) >= 500
    return BY_KEY["outage" if no_answer else "unknown_refusal"]


def problem(key: str) -> Entry:
    """An entry by its name; a name without an entry is told as unknown."""
    return BY_KEY.get(key) or BY_KEY["unknown_refusal"]
