"""Codes that mean several things, or on which sources disagree: their words decide (contract sections 5, 8.20)."""

from collections.abc import Callable
from dataclasses import dataclass

from app.quickbooks.api.errors import Fault


@dataclass(frozen=True)
class Meaning:
    """One meaning of a code: how to tell it, and the entry it has then."""

    fits: Callable[[Fault], bool]
    key: str


def _says(*words: str) -> Callable[[Fault], bool]:
    return lambda fault: any(word in fault.text.casefold() for word in words)


MEANINGS: dict[str, tuple[Meaning, ...]] = {
    "500": (Meaning(_says("invalid byte"), "malformed"),),
    "6000": (
        Meaning(_says("vat rate", "gst", "tax code", "tax rate"), "tax_code_missing"),
        Meaning(_says("calculat"), "tax_failed"),
        Meaning(_says("exceeds the payment", "amount paid"), "overpaid"),
        Meaning(_says("payment", "linked"), "payment_applied"),
        Meaning(_says("wait a few minutes", "unexpected error", "try again"), "application_error"),
    ),
    "6210": (Meaning(_says("duplicate"), "duplicate_number"),),
    "6480": (Meaning(_says("payment"), "payment_applied"),),
    "6140": (Meaning(_says("period", "closed"), "closed_period"),),
}
