"""Numbers as a person types them or a file holds them, the same for the form and the import.

Each function takes stripped text and returns an exact Decimal, or raises ValueError with a sentence.
"""

import re
from decimal import Decimal

_NUMBER = re.compile(r"-?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})?(?:\.[0-9]*)?", re.ASCII)

MAX_QUANTITY = Decimal(9_999_999)
MAX_PRICE = Decimal(99_999_999)


def quantity(text: str) -> Decimal:
    value = _exact(text, places=4)
    if value <= 0:
        raise ValueError("The quantity must be more than zero.")
    return _at_most(value, MAX_QUANTITY)


def unit_price(text: str) -> Decimal:
    """Dollars; fractions of a cent are fine, the line is rounded."""
    return _at_most(_not_negative(_exact(text, places=4)), MAX_PRICE)


def amount(text: str) -> Decimal:
    """Dollars and cents that change hands."""
    value = _exact(text, places=2)
    if value <= 0:
        raise ValueError("The amount must be more than zero.")
    return value


def percent(text: str) -> Decimal:
    value = _exact(text, places=4)
    if not 0 <= value <= 100:
        raise ValueError("A percentage is between 0 and 100.")
    return value


def discount_value(text: str) -> Decimal:
    """A percentage or dollars, as its kind says."""
    return _at_most(_not_negative(_exact(text, places=4)), MAX_PRICE)


def _exact(text: str, places: int) -> Decimal:
    if not _NUMBER.fullmatch(text) or not any(character.isdigit() for character in text):
        raise ValueError("This is not a number. Write it like 1234.50.")
    if len(text.partition(".")[2]) > places:
        raise ValueError(f"Use at most {places} decimals.")
    return Decimal(text.replace(",", ""))


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise ValueError("This must not be less than zero.")
    return value


def _at_most(value: Decimal, limit: Decimal) -> Decimal:
    if value > limit:
        raise ValueError(f"This must not be more than {limit:,}.")
    return value
