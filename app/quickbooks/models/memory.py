"""What a link remembers of its record in QuickBooks, so that an update names what changed here and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from app.quickbooks.api.record import RemoteRecord

SETS = ("unsettled", "unsure", "entered")


@dataclass(frozen=True)
class Memory:
    """Fields by QuickBooks' names, values as JSON has them.

    Somebody changed a field there when it shows something else than QuickBooks answered when we last wrote it:
    `before` keeps that answer until the two are the same again or we have written the field anew.
    """

    sent: RemoteRecord = field(default_factory=dict)  # what we last wrote, in our own spelling
    seen: RemoteRecord = field(default_factory=dict)  # what QuickBooks last showed
    # What fields that somebody changed there showed when we wrote them.
    before: RemoteRecord = field(default_factory=dict)
    # Fields in `before` of which nobody knows: did our last value arrive and was changed back, or never arrive?
    unsure: frozenset[str] = frozenset()
    asked: RemoteRecord = field(default_factory=dict)  # what we would write, while a person is asked about it
    # Fields that we wrote too, but nobody knows what, or QuickBooks made something else of it.
    unsettled: frozenset[str] = frozenset()
    # Of a payment: what it pays, by the invoice's Id there.
    applied: Mapping[str, Decimal] = field(default_factory=dict)
    # Of one that was linked and not sent: our plain fields as they were then, until it is adopted.
    linked: RemoteRecord = field(default_factory=dict)
    # Fields that somebody had written otherwise when it was taken for ours, and that we have not written since.
    entered: frozenset[str] = frozenset()
    adopted: bool = False  # taken for ours as it was there; nothing was written since
    partial: bool = False  # `seen` is of an older version, which kept few fields: only those can be compared
    over: bool = False  # void, or deleted
    moved: bool = False  # its version is a later one than that of our last write
    in_doubt: bool = False  # QuickBooks refused what names it: it has to be read before it is relied on
    # A payment of ours was applied to the invoice, or taken off, which made a version.
    balance_moved: bool = False
    # Of an invoice: what payments of ours have paid since it was seen, by their Ids there.
    paid: Mapping[str, Decimal] = field(default_factory=dict)
    paid_at: str = ""  # when one of ours last paid it, in ISO 8601

    @property
    def is_new(self) -> bool:
        """Nothing of ours is known to be there, written or found."""
        return not self.sent and not self.unsettled

    @property
    def is_written(self) -> bool:
        """We wrote something of it there: that it became ours by being linked is not enough."""
        return not self.is_new and not self.adopted

    @property
    def total(self) -> Decimal | None:
        return self.seen.get("TotalAmt")

    @property
    def balance(self) -> Decimal | None:
        """What QuickBooks last showed, less what payments of ours have paid since."""
        shown = self.seen.get("Balance")
        return None if shown is None else Decimal(str(shown)) - sum(self.paid.values())

    def to_json(self) -> dict[str, Any]:
        """Without what is empty; `seen` and `applied` always, for queries and to tell it from older versions."""
        stored = {each.name: getattr(self, each.name) for each in fields(self)}
        stored |= {name: sorted(getattr(self, name)) for name in SETS}
        return {key: value for key, value in stored.items() if value or key in ("seen", "applied")}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Memory:
        """What to_json gave, or a snapshot of an older version, which knew less."""
        if "seen" not in stored:
            return _from_older(stored)
        known = {each.name for each in fields(cls)}
        values = {key: value for key, value in stored.items() if key in known}
        sets = {name: frozenset(stored.get(name, ())) for name in SETS}
        if "entered" not in stored and stored.get("before", {}).get("Line", ()) is None:
            sets["entered"] = frozenset({"Line"})  # an older version kept no more of an adoption
        return cls(**values | sets)


def _from_older(stored: Mapping[str, Any]) -> Memory:
    """Snapshots held an invoice's number, total, balance and customer, a payment's or a refund's money, and the
    names of the fields that we had filled in.
    """
    names = {
        "doc_number": "DocNumber",
        "total": "TotalAmt",
        "balance": "Balance",
        "note": "PrivateNote",
        "active": "Active",
    }
    seen = {new: stored[old] for old, new in names.items() if stored.get(old) is not None}
    if stored.get("customer_id"):
        seen["CustomerRef"] = {"value": stored["customer_id"], "name": stored.get("customer_name", "")}
    applied = stored.get("applied", {})
    if applied:
        seen["Line"] = [
            {"Amount": amount, "LinkedTxn": [{"TxnId": id_, "TxnType": "Invoice"}]}
            for id_, amount in applied.items()
        ]
    return Memory(
        sent=stored.get("sent", {}),
        seen=seen,
        partial=True,
        unsettled=frozenset(stored.get("ours", ())),
        applied=applied,
        over=bool(stored.get("voided") or stored.get("over")),
        in_doubt=bool(stored.get("in_doubt")),
        balance_moved=bool(stored.get("balance_moved")),
    )
