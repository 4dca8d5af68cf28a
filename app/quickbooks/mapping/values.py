"""Texts as QuickBooks takes them: no control characters, no colon in names, none too long (contract section 4)."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from app.customers.place import Place

NAME_LIMIT = 100
PHONE_LIMIT = 30

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_REFUSED = re.compile(r"[<>\\|*?^~`]")  # what connectors found refused in names (contract section 4.1)
_BREAKS = re.compile(r"[\t\r\n]+")


def line(text: str, limit: int) -> str:
    """One line of text, its inner spaces as they are."""
    return _BREAKS.sub(" ", _CONTROL.sub("", text)).strip()[:limit].rstrip()


def prose(text: str, limit: int) -> str:
    """Text that may have several lines."""
    return _CONTROL.sub("", text).strip()[:limit].rstrip()


def name(text: str, limit: int = NAME_LIMIT) -> str:
    """A name that QuickBooks keeps in a list: a colon would mean a level there."""
    return line(text.replace(":", " -"), limit)


def item_name(text: str) -> str:
    """Items take no double quote either (contract section 4.3)."""
    return name(text.replace('"', "'"))


def customer_key(text: str) -> str:
    """What two customers' names share when QuickBooks takes them for one: quotes of two kinds make two names."""
    return name(text).casefold()


def name_key(text: str) -> str:
    """What two names of items share when QuickBooks takes them for one: it compares without case (contract section
    2.6), and gets their double quotes as single ones.

    Cut again, because folding makes some letters two and the key has a column of its own.
    """
    return item_name(text).casefold()[:NAME_LIMIT]


def plain(body: Any) -> Any:
    """The same body with texts any company takes: accents kept as plain letters, exotic signs left out."""
    match body:
        case str():
            letters = unicodedata.normalize("NFKD", body).encode("ascii", "ignore").decode()
            return _REFUSED.sub("", letters).strip() or body
        case dict():
            return {key: plain(value) for key, value in body.items()}
        case list():
            return [plain(value) for value in body]
        case _:
            return body


def address(place: Place) -> dict[str, str]:
    """With what is empty too, so that a street that was taken away goes there as well."""
    return {
        "Line1": line(place.street, 500),
        "City": line(place.city, 255),
        "CountrySubDivisionCode": line(place.state, 255),
        "PostalCode": line(place.postal_code, 30),
        "Country": line(place.country, 255),
    }


def filled(body: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty: on a create there is nothing to clear."""
    kept = {key: filled(value) if isinstance(value, dict) else value for key, value in body.items()}
    return {key: value for key, value in kept.items() if value not in ("", {})}


def number(value: Decimal) -> str:
    """As people write it, without trailing zeros."""
    return f"{value.normalize():f}"
