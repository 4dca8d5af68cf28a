"""Readers of what a client sends: the type, length and spelling of every field (contract sections 4 and 5).

A reader takes the value and the element's path and returns the value to keep. It returns None for what counts
as not sent, and raises a Fault for what QuickBooks refuses. An empty text is kept: it clears the field.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from simulator.faults import Fault, fault

Reader = Callable[[Any, str], Any]

FORBIDDEN_IN_NAMES = re.compile(r"[:\t\n\r]")
# QuickBooks keeps no emoji.
UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\U00010000-\U0010ffff]")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
WEBSITE = re.compile(r"(https?://)?[^\s/]+\.[^\s/]+.*")
DAY_FORMAT = re.compile(r"\d{4}-\d{2}-\d{2}")
LARGEST_AMOUNT = Decimal(10) ** 10


def text(longest: int | None = None, shortest: int = 0) -> Reader:
    def read(value: Any, element: str) -> str:
        if isinstance(value, dict | list):
            raise cannot_read(value, element)
        kept = str(value).lower() if isinstance(value, bool) else str(value)
        _check_characters(kept, element)
        if longest is not None and (len(kept) > longest or (kept and len(kept) < shortest)):
            raise fault("2050", length_detail(shortest, longest, len(kept)), element)
        return kept

    return read


def label(longest: int) -> Reader:
    """A text that a list is known by: no colon, tab or newline, no blanks around it."""
    read_text = text(longest)

    def read(value: Any, element: str) -> str:
        kept = read_text(value, element).strip()
        if FORBIDDEN_IN_NAMES.search(kept):
            raise fault("2040", f"Invalid String : {element} contains invalid characters: {kept}", element)
        return kept

    return read


def email(longest: int = 100) -> Reader:
    read_text = text(longest)

    def read(value: Any, element: str) -> str:
        kept = read_text(value, element)
        if kept and not all(EMAIL.fullmatch(part.strip()) for part in kept.split(",")):
            raise fault(
                "2210",
                f"Email Address does not conform to the syntax rules of RFC 822. Supplied value: {kept}",
                element,
            )
        return kept

    return read


def website(value: Any, element: str) -> str:
    kept = text(1000)(value, element)
    if kept and not WEBSITE.fullmatch(kept):
        raise fault("2200", f"Website address is not in correct format. Supplied value: {kept}", element)
    return kept


def number(value: Any, element: str) -> Decimal | None:
    if isinstance(value, bool | dict | list):
        raise cannot_read(value, element)
    if value == "":
        return None
    try:
        kept = Decimal(value)
    except InvalidOperation:
        raise fault("2080", f"Invalid Number Format. Supplied value: {value}", element) from None
    if not kept.is_finite() or abs(kept) >= LARGEST_AMOUNT * 10:
        raise fault("2240", f"Number is not within the valid range. Supplied value: {value}", element)
    return kept


def amount(value: Any, element: str) -> Decimal | None:
    """Money: at most ten digits before the point."""
    kept = number(value, element)
    if kept is not None and abs(kept) >= LARGEST_AMOUNT:
        raise fault("2140", f"Invalid Amount. Supplied value: {value}", element)
    return kept


def percent(value: Any, element: str) -> Decimal | None:
    kept = number(value, element)
    if kept is not None and not 0 <= kept <= 100:
        raise fault("2150", f"Invalid Percent. Supplied value: {value}", element)
    return kept


def flag(value: Any, element: str) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if value == "":
        return None
    raise fault("2230", f"Invalid Boolean. Supplied value: {value}", element)


def day(value: Any, element: str) -> str | None:
    """A date; a time that follows it is ignored."""
    if value == "":
        return None
    kept = str(value)[:10]
    if not isinstance(value, str) or not DAY_FORMAT.fullmatch(kept):
        raise fault("2060", f"Invalid Date Format. Supplied value: {value}", element)
    try:
        date.fromisoformat(kept)
    except ValueError:
        raise fault("2070", f"Date should be a valid date. Supplied value: {value}", element) from None
    return kept


def choice(*values: str) -> Reader:
    def read(value: Any, element: str) -> str | None:
        if value == "":
            return None
        if value not in values:
            raise fault("2170", f"Invalid Enumeration : {value}", element)
        return str(value)

    return read


def reference(value: Any, element: str) -> dict[str, str] | None:
    """`{"value": id}`; a name that came along is not trusted."""
    if not isinstance(value, dict):
        raise cannot_read(value, element)
    target = value.get("value")
    return {"value": str(target)} if target not in (None, "") else None


def ignored(value: Any, element: str) -> None:
    """Known to QuickBooks, read-only or of no use here: silently passed over (contract section 2.1)."""
    return


def _check_characters(kept: str, element: str) -> None:
    if UNKEPT.search(kept):
        raise fault("2040", f"Invalid String : {element} contains invalid characters: {kept}", element)


def length_detail(shortest: int, longest: int, supplied: int) -> str:
    return (
        f"String length is either shorter or longer than supported by specification. "
        f"Min:{shortest} Max:{longest} supported. Supplied length:{supplied}"
    )


def cannot_read(value: Any, element: str) -> Fault:
    problem = f"Can not deserialize {type(value).__name__} in {element}"
    return fault("2010", f"Property Name:{problem} specified is unsupported or invalid")
