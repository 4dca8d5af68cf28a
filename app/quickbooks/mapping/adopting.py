"""A record of somebody else's becomes ours (remembering.py): nothing of it was written by us yet."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.mapping import lines
from app.quickbooks.mapping.fields import LINES, MERGED_BY_LINE, agrees, is_empty
from app.quickbooks.mapping.invoice import DISCOUNT_ITEM
from app.quickbooks.models import RecordKind
from app.quickbooks.models.memory import Memory

MONEY = (RecordKind.PAYMENT, RecordKind.REFUND)


def adopt(memory: Memory, kind: RecordKind, wanted: RemoteRecord) -> Memory:
    """What it lacks is filled in; what is written there stays, until that very field is changed here, since it was
    linked. Money that is right there is left alone as it is: one in a deposit takes no update.
    """
    linked = memory.linked
    edited = LINES in linked and _said(linked[LINES]) != _said(wanted[LINES])
    wanted = {**wanted, **{name: value for name, value in linked.items() if name != LINES}}
    left = {
        name: value
        for name, value in wanted.items()
        if kind in MONEY or not is_empty(name, memory.seen.get(name)) or is_empty(name, value)
    }
    if LINES in left and kind in MERGED_BY_LINE:
        left[LINES] = _with_their_ids(left[LINES], memory.seen.get(LINES, ()))
    entered = {
        name
        for name, value in left.items()
        if name in memory.seen and not agrees(name, value, memory.seen[name])
    }
    if edited:
        # Our lines are planned and asked about: an item or a tax code may be theirs in any of them.
        left[LINES] = _sold(memory.seen.get(LINES, ()))
        entered |= {LINES}
    before = dict.fromkeys(sorted(entered))
    return replace(memory, sent=left, before=before, linked={}, entered=frozenset(entered), adopted=True)


def _said(listed: Iterable[RemoteRecord]) -> list[tuple[str, Any]]:
    """What lines say and come to. A discount has a line of its own, in one of two ways (mapping/invoice.py)."""
    return [
        (line.get("Description", DISCOUNT_ITEM), abs(line["Amount"])) for line in listed if "Amount" in line
    ]


def _sold(listed: Iterable[RemoteRecord]) -> list[RemoteRecord]:
    """Without texts, which stay theirs."""
    return [line for line in listed if line.get("DetailType") != lines.TEXT]


def _with_their_ids(ours: Any, theirs: Any) -> list[dict[str, Any]]:
    """Our lines are theirs where they stand in the same place."""
    numbered = [dict(line) for line in ours]
    for line, there in zip(numbered, _sold(theirs), strict=False):
        if "Id" in there:
            line["Id"] = there["Id"]
    return numbered
