"""Codes that mean several things, or on which sources disagree: their words decide (contract sections 5, 8.20)."""

from collections.abc import Callable
from dataclasses import dataclass

from app.quickbooks.api.errors import Fault


@dataclass(frozen=True)
class Choice:
    """One meaning of a code: how to tell it, and the entry it has then."""

    fits: Callable[[Fault], bool]
    key: str


def _says(*words: str) -> Callable[[Fault], bool]:
    return lambda fault: any(word in fault.text.casefold() for word in words)


CHOICES: dict[str, tuple[Choice, ...]] = {
    "500": (Choice(_says("invalid byte"), "malformed"),),
    "6000": (
        Choice(_says("vat rate", "gst", "tax code", "tax rate"), "tax_code_missing"),
        Choice(_says("calculat"), "tax_failed"),
        Choice(_says("exceeds the payment", "amount paid"), "overpaid"),
        Choice(_says("payment", "linked"), "payment_applied"),
        Choice(_says("wait a few minutes", "unexpected error", "try again"), "application_error"),
    ),
    "6210": (Choice(_says("duplicate"), "duplicate_number"),),
    "6480": (Choice(_says("payment"), "payment_applied"),),
    "6140": (Choice(_says("period", "closed"), "closed_period"),),
}
