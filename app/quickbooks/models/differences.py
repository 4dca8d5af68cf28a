"""What differs between a record here and in QuickBooks: as data, and in words for people beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# What earlier versions said of these, by which their words are understood. What is said now may change.
EARLIER_GONE = "deleted in QuickBooks"
EARLIER_TWICE = ("invoices in QuickBooks have this number", "in QuickBooks have our mark")


class Aspect(StrEnum):
    """What of a record can differ."""

    GONE = "gone"  # deleted in QuickBooks
    VOID = "void"
    TOTAL = "total"
    BALANCE = "balance"
    NUMBER = "number"
    DATE = "date"
    CUSTOMER = "customer"
    DUPLICATE = "duplicate"  # its number or its mark is in QuickBooks more than once
    OTHER = "other"  # the words alone say what


@dataclass(frozen=True)
class Difference:
    """`text` has both sides in words: "total $110.00 here, $100.00 in QuickBooks". Its aspect is what code asks."""

    aspect: Aspect
    text: str


DELETED = Difference(Aspect.GONE, "deleted in QuickBooks")


def in_words(differences: Iterable[Difference]) -> str:
    return "; ".join(one.text for one in differences)


def includes(differences: Iterable[Difference], aspect: Aspect) -> bool:
    return any(one.aspect is aspect for one in differences)


def of_an_earlier_version(texts: Iterable[str]) -> tuple[Difference, ...]:
    """Earlier versions kept words alone, often several differences in one text."""
    return tuple(_understood(part) for text in texts for part in text.split("; ") if part)


def _understood(text: str) -> Difference:
    if text == EARLIER_GONE:
        return Difference(Aspect.GONE, text)
    is_twice = any(words in text for words in EARLIER_TWICE)
    return Difference(Aspect.DUPLICATE if is_twice else Aspect.OTHER, text)
