"""What somebody changed in QuickBooks, in an office's words."""

import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.lib import days
from app.lib.money import shown
from app.quickbooks.mapping.fields import LINES, PARTS, TOTAL, WORDS, number
from app.quickbooks.mapping.lines import SALES, LineChange
from app.quickbooks.models import RecordKind

LONGEST = 60  # of a text within a sentence
UNSURE = " (or our change never arrived)"


@dataclass(frozen=True)
class Change:
    """A field of QuickBooks' with its values before and after; or a line, and what happened to it. `is_unsure`: if
    it was changed at all, and `before` is not only a value of ours that never arrived.
    """

    field: str
    before: Any
    after: Any
    line: LineChange | None = None
    is_unsure: bool = False

    def words(self, kind: RecordKind, symbol: str) -> str:
        """ "the due date from Apr 1, 2026 to May 1, 2026"; `symbol` is the currency's."""
        return self._told(kind, symbol) + (UNSURE if self.is_unsure else "")

    def _told(self, kind: RecordKind, symbol: str) -> str:
        if self.line is not None:
            return _line_words(self.line, symbol)
        what = "total" if self.field == TOTAL and kind is not RecordKind.PAYMENT else WORDS[kind][self.field]
        before, after = (in_words(self.field, value, symbol) for value in (self.before, self.after))
        return f"the {what} from {before} to {after}"


def in_one_phrase(changes: Iterable[Change], kind: RecordKind, symbol: str) -> str:
    return ", ".join(dict.fromkeys(change.words(kind, symbol) for change in changes))


def in_words(name: str, value: Any, symbol: str) -> str:
    """One value of a field; "none" for nothing."""
    if value in (None, "", [], {}):
        return "none"
    if name in _SPELLED:
        return _SPELLED[name](value, symbol)
    if name in PARTS:
        return ", ".join(str(value[part]) for part in PARTS[name] if value.get(part)) or "none"
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("value") or "none")
    return _cut(str({True: "yes", False: "no"}[value] if isinstance(value, bool) else value))


def _line(line: Mapping[str, Any], symbol: str) -> str:
    """A line of a sale, or what a payment is applied to."""
    if "LinkedTxn" not in line:
        what = line.get("Description") or line.get(SALES, {}).get("ItemRef", {}).get("name", "")
        amount = f" {shown(number(line['Amount']), symbol)}" if "Amount" in line else ""
        return f"{_quoted(str(what)) if what else 'a line of'}{amount}"
    ids = ", ".join(link.get("TxnId", "") for link in line.get("LinkedTxn", ()))
    return str(line.get("Reference") or f"number {ids} of QuickBooks")


def _day(value: Any, symbol: str) -> str:
    return days.shown(date.fromisoformat(str(value)[:10]))


_SPELLED: dict[str, Callable[[Any, str], str]] = {
    TOTAL: lambda value, symbol: shown(number(value), symbol),
    "TxnTaxDetail": lambda value, symbol: shown(number(value.get("TotalTax") or 0), symbol),
    "TxnDate": _day,
    "DueDate": _day,
    LINES: lambda value, symbol: ", ".join(_line(line, symbol) for line in value),
    "PrivateNote": lambda value, symbol: _quoted(str(value)),
    "Notes": lambda value, symbol: _quoted(str(value)),
}
_FACETS: dict[str, Callable[[Mapping[str, Any], str], str]] = {
    "description": lambda line, symbol: _quoted(str(line.get("Description", ""))),
    "item": lambda line, symbol: in_words("ItemRef", line.get(SALES, {}).get("ItemRef"), symbol),
    "tax": lambda line, symbol: in_words("TaxCodeRef", line.get(SALES, {}).get("TaxCodeRef"), symbol),
    "service date": lambda line, symbol: in_words("TxnDate", line.get(SALES, {}).get("ServiceDate"), symbol),
    "class": lambda line, symbol: in_words("ClassRef", line.get(SALES, {}).get("ClassRef"), symbol),
}


def _line_words(change: LineChange, symbol: str) -> str:
    match change.facet:
        case "removed":
            return f"line {change.place} ({_quoted(str(change.before.get('Description', '')))}) was removed"
        case "added":
            return f"a line was added ({_quoted(str(change.after.get('Description', '')))})"
        case "amount":
            return ", ".join(_amounts(change, symbol))
        case facet:
            before, after = (_FACETS[facet](line, symbol) for line in (change.before, change.after))
            return f"the {facet} of line {change.place} from {before} to {after}"


def _amounts(change: LineChange, symbol: str) -> list[str]:
    """Quantity and price where they tell it; else the amount."""
    sides = [line.get(SALES, {}) for line in (change.before, change.after)]
    found = []
    for part, what in (("Qty", "quantity"), ("UnitPrice", "price")):
        if any(side.get(part) is None for side in sides):
            continue
        before, after = (number(side[part]) for side in sides)
        if before != after:
            told_both = [f"{n.normalize():f}" if part == "Qty" else shown(n, symbol) for n in (before, after)]
            found.append(f"the {what} of line {change.place} from {told_both[0]} to {told_both[1]}")
    amounts = [shown(number(line.get("Amount") or 0), symbol) for line in (change.before, change.after)]
    return found or [f"the amount of line {change.place} from {amounts[0]} to {amounts[1]}"]


def _quoted(text: str) -> str:
    return f"“{_cut(text)}”" if text else "none"


def _cut(text: str) -> str:
    return textwrap.shorten(text, LONGEST, placeholder=" …")
