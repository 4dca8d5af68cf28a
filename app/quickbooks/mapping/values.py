"""Texts as QuickBooks takes them: no control characters, no colon in names, none too long (contract section 4)."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from app.customers.place import Place

NAME_LIMIT = 100
NOTES_LIMIT = 2000  # of a customer
EMAIL_LIMIT = 100
PHONE_LIMIT = 20  # Intuit's pages say 20, 21 and 30 (contract section 4.1)

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_REFUSED = re.compile(r"[<>\\|*?^~`]")  # what connectors found refused in names (contract section 4.1)
_NUMBER = re.compile(
    r"(?P<number>[+0-9\s().\-\u2010-\u2014]*[0-9])\)?"
    r"(?:\s*,?\s*(?:extension|ext|x|#)\s*[.:]*\s*(?P<extension>[0-9]+))?",
    re.IGNORECASE,
)
_NUMBER_DIGITS = range(7, 16)  # fewer are a part of a number, more are two of them
_BREAKS = re.compile(r"[\t\r\n]+")


def line(text: str, limit: int) -> str:
    """One line of text, its inner spaces as they are."""
    return _BREAKS.sub(" ", _CONTROL.sub("", text)).strip()[:limit].rstrip()


def email(text: str) -> str:
    """An address whole, or none: a part of one is another address."""
    told = line(text, len(text))
    return told if len(told) <= EMAIL_LIMIT else ""


def is_whole_email(text: str) -> bool:
    return len(line(text, len(text))) <= EMAIL_LIMIT


def phone(text: str) -> str:
    """A number as QuickBooks has room for it: one that is too long goes without its signs and spaces, then without
    its extension. Digits of the number itself are never cut; of several numbers the first one goes.
    """
    return _phone(text)[0]


def is_whole_phone(text: str) -> bool:
    """Whether every word and every digit of it goes to QuickBooks."""
    return _phone(text)[1]


def _phone(text: str) -> tuple[str, bool]:
    told = line(text, len(text))
    if len(told) <= PHONE_LIMIT:
        return told, True
    for found in _NUMBER.finditer(told):
        number, extension = _dialled(found["number"]), found["extension"] or ""
        if len(number.lstrip("+")) not in _NUMBER_DIGITS:
            continue
        whole = f"{number}x{extension}" if extension else number
        fits = len(whole) <= PHONE_LIMIT
        return (whole if fits else number), fits and found.span() == (0, len(told))
    return "", False


def _dialled(number: str) -> str:
    """Without signs and spaces; a "(0)" in an international number is not dialled."""
    is_international = number.lstrip("( ").startswith("+")
    digits = "".join(re.findall("[0-9]", number.replace("(0)", "") if is_international else number))
    return f"+{digits}" if is_international else digits


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
