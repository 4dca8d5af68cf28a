"""A record of somebody else's becomes ours (remembering.py): nothing of it was written by us yet."""

from dataclasses import replace
from typing import Any

from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.mapping import lines
from app.quickbooks.mapping.fields import LINES, MERGED_BY_LINE, agrees, is_empty
from app.quickbooks.models import RecordKind
from app.quickbooks.models.memory import Memory

MONEY = (RecordKind.PAYMENT, RecordKind.REFUND)


def adopt(memory: Memory, kind: RecordKind, wanted: RemoteRecord, is_ours: bool = False) -> Memory:
    """A record of somebody else's becomes ours: what it lacks is filled in, what is written there stays, until that
    very field is changed here, since it was linked. Money that is right there is left alone as it is: one in a
    deposit takes no update. `is_ours`: we made it, and the answer was lost.
    """
    edited = _lines_edited_since(memory.linked, wanted)
    wanted = {**wanted, **{name: value for name, value in memory.linked.items() if name != LINES}}
    left = {
        name: value
        for name, value in wanted.items()
        if kind in MONEY or not is_empty(name, memory.seen.get(name)) or is_empty(name, value)
    }
    if LINES in left and kind in MERGED_BY_LINE:
        left[LINES] = _with_their_ids(left[LINES], memory.seen.get(LINES, ()))
    theirs = {
        name: None
        for name, value in left.items()
        if name in memory.seen and not agrees(name, value, memory.seen[name])
    }
    if edited:  # so that they are planned, and asked about where theirs are others
        left[LINES] = memory.seen.get(LINES, ())
        theirs[LINES] = None
    return replace(memory, sent=left, before=theirs, linked={}, adopted=not is_ours)


def _lines_edited_since(linked: RemoteRecord, wanted: RemoteRecord) -> bool:
    """Whether our lines say something else, or come to something else, than when the record was linked."""
    if LINES not in linked:
        return False
    then, now = (
        [(line.get("Description"), line["Amount"]) for line in each[LINES]] for each in (linked, wanted)
    )
    return then != now[: len(then)]


def _with_their_ids(ours: Any, theirs: Any) -> list[dict[str, Any]]:
    """Our lines are theirs where they stand in the same place."""
    sold = [line for line in theirs if line.get("DetailType") != lines.TEXT]
    numbered = [dict(line) for line in ours]
    for line, there in zip(numbered, sold, strict=False):
        if "Id" in there:
            line["Id"] = there["Id"]
    return numbered
