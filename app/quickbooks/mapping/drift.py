"""Drift: what somebody changed on an invoice in QuickBooks since we last sent it. Compares snapshots
(mapping.invoice.invoice_snapshot); a payment there changes only the balance, which is no drift.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.lib.money import shown

Snapshot = Mapping[str, Any]

WATCHED = ("voided", "total", "doc_number", "customer_id")
WORDS = {  # what a watched field is called, and where its telling value is
    "total": ("total", "total"),
    "doc_number": ("number", "doc_number"),
    "customer_id": ("customer", "customer_name"),
}


@dataclass(frozen=True)
class Change:
    """A watched field and the whole snapshots before and after it."""

    field: str
    before: Snapshot
    after: Snapshot

    def words(self, symbol: str) -> str:
        """ "the total from $100.00 to $120.00"; `symbol` is the currency's."""
        if self.field == "voided":
            return "it was voided"
        what, field = WORDS[self.field]
        before, after = (_told(side.get(field), symbol) for side in (self.before, self.after))
        return f"the {what} from {before} to {after}"


def changes(before: Snapshot, after: Snapshot, ours: Iterable[Snapshot] = ()) -> list[Change]:
    """What is different now. A value that one of `ours` has too is our own, whoever wrote it."""
    return [
        Change(field, before, after)
        for field in _changed(before, after)
        if not any(field in own and own[field] == after[field] for own in ours)
    ]


def fingerprint(snapshot: Snapshot) -> str:
    """The same as long as nothing that is watched changes."""
    values = {**snapshot, "total": f"{snapshot['total'] or 0:.2f}"}
    return "|".join(str(values[field]) for field in WATCHED)


def _changed(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Voiding an invoice takes its amounts along, so it is the one thing to tell then."""
    if after["voided"] and not before.get("voided"):
        yield "voided"
        return
    for field in WATCHED[1:]:
        known = before.get(field) is not None and after[field] is not None
        if known and before[field] != after[field]:
            yield field


def _told(value: str | Decimal | None, symbol: str) -> str:
    return shown(value, symbol) if isinstance(value, Decimal | int) else value or "none"
