"""An update names the fields that changed here since QuickBooks last took them, and asks before it overwrites what
somebody changed there meanwhile (contract section 2.5; domain, "Other people in the same books").
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.mapping import fields, lines, merging
from app.quickbooks.mapping.drift import Change
from app.quickbooks.mapping.fields import (
    ALWAYS_WRITTEN,
    DEFAULTED,
    LINES,
    MERGED_BY_LINE,
    ON_CREATE,
    TOTAL,
    agrees,
    is_empty,
    is_same,
)
from app.quickbooks.mapping.payment import CUSTOMER
from app.quickbooks.models import RecordKind
from app.quickbooks.models.memory import Memory

TAX, PLACE = "TxnTaxDetail", "ShipAddr"
DUE_FOLLOWS = {"TxnDate", "SalesTermRef"}  # QuickBooks takes the due date from them where none comes along


@dataclass(frozen=True)
class Consent:
    """What a person allowed: to overwrite what they saw (its fingerprint), to write everything and not only what
    changed here, to take a record there for ours (`linked`).
    """

    seen: str | None = None
    everything: bool = False
    linked: bool = False


@dataclass(frozen=True)
class Update:
    """`body` goes to QuickBooks; `ours` of it is remembered as sent once it was taken."""

    body: dict[str, Any]
    ours: dict[str, Any]


class AskFirst(Exception):
    """Somebody changed there what we are about to write. `ours` is what we would write of it."""

    def __init__(self, changes: list[Change], ours: RemoteRecord) -> None:
        super().__init__(", ".join(change.field for change in changes))
        self.changes, self.ours = changes, ours


def plan(
    kind: RecordKind, wanted: RemoteRecord, memory: Memory, everything: bool = False, allowed: bool = False
) -> Update | None:
    """None when there is nothing to write. `wanted` is the whole record, with what is empty here too. Raises
    AskFirst unless what would be overwritten is `allowed`.
    """
    names = [
        name
        for name in wanted
        if name not in ON_CREATE and _is_written(kind, name, wanted[name], memory, everything)
    ]
    if not names:
        return None
    body: dict[str, Any] = {}
    ours: dict[str, Any] = {}
    changes: list[Change] = []
    for name in names:
        ours[name], theirs = wanted[name], memory.seen.get(name)
        if name == LINES and kind in MERGED_BY_LINE:
            merged = _merged(wanted[name], memory, everything)
            body[name], ours[name] = merged.lines, merged.ours
            changes += _on_lines(merged, memory)
        else:
            body[name] = fields.laid_over(name, wanted[name], theirs)
            changes += _overwritten(kind, name, wanted[name], memory)
    if changes and not allowed:
        raise AskFirst(changes, {name: ours[name] for name in _asked_about(kind, changes) & ours.keys()})
    return Update(body | _along(kind, body, wanted, memory), ours)


def _asked_about(kind: RecordKind, changes: list[Change]) -> set[str]:
    """Who leaves the lines leaves their tax too, and who leaves a payment with a customer what it pays there."""
    asked = {change.field for change in changes}
    if kind is RecordKind.PAYMENT and CUSTOMER in asked:
        asked |= {LINES}
    return asked | {TAX} if LINES in asked else asked


def ending(kind: RecordKind, memory: Memory) -> list[Change]:
    """What somebody changed there that goes when the record is voided or deleted: its lines and amounts."""
    names = [name for name in (TOTAL, LINES) if name in memory.before]
    if kind in MERGED_BY_LINE:
        found = lines.differences(memory.before.get(LINES) or (), memory.seen.get(LINES) or ())
        told = [_of_line(one, memory) for one in found] if LINES in memory.before else []
        return [*_total(memory), *told]
    return [_of_field(name, memory) for name in names]


def changed_there(kind: RecordKind, memory: Memory) -> list[Change]:
    """What somebody changed there since we wrote it, or filled in where we are about to write."""
    found = list(_total(memory)) if kind in MERGED_BY_LINE else []
    for name, before in memory.before.items():
        if name == LINES and kind in MERGED_BY_LINE:
            after = memory.seen.get(LINES) or ()
            found += [_of_line(one, memory) for one in lines.differences(before or (), after)]
        elif name in fields.WORDS[kind] and name != TAX:
            found.append(_of_field(name, memory))
    if LINES in memory.asked and kind in MERGED_BY_LINE:
        shown = {lines.key_of(line): line for line in memory.seen.get(LINES) or ()}
        staying = {lines.key_of(line) for line in memory.asked[LINES]}
        found += [_of_line(one, memory) for one in lines.going(memory.sent.get(LINES) or (), shown, staying)]
    filled_in = memory.asked.keys() - memory.before.keys() - memory.sent.keys() - {LINES, TAX}
    return [*found, *(Change(name, None, memory.seen.get(name)) for name in sorted(filled_in))]


def _is_written(kind: RecordKind, name: str, ours: Any, memory: Memory, everything: bool) -> bool:
    if name in ALWAYS_WRITTEN.get(kind, ()):
        return True
    if name in memory.sent:
        if not is_same(name, memory.sent[name], ours):
            return True
        return everything and not agrees(name, ours, memory.seen.get(name))
    theirs = memory.seen.get(name)
    if name in memory.unsettled:
        return name not in memory.seen or not agrees(name, ours, theirs)
    return not is_empty(name, ours) and not agrees(name, ours, theirs)


def _merged(wanted: list[RemoteRecord], memory: Memory, everything: bool) -> merging.Merged:
    sent = memory.sent.get(LINES)
    return merging.merge(wanted, sent, memory.before.get(LINES), memory.seen.get(LINES) or (), everything)


def _on_lines(merged: merging.Merged, memory: Memory) -> list[Change]:
    """With the total first, where it changed too: that is what people look for."""
    if LINES in memory.entered and not agrees(LINES, merged.lines, memory.seen.get(LINES)):
        return [*_total(memory), Change(LINES, None, memory.seen.get(LINES))]
    if not merged.changes:
        return list(_total(memory)) if LINES in memory.unsettled else []
    return [*_total(memory), *(_of_line(one, memory) for one in merged.changes)]


def _of_line(change: lines.LineChange, memory: Memory) -> Change:
    return Change(LINES, None, None, change, is_unsure=LINES in memory.unsure)


def _of_field(name: str, memory: Memory) -> Change:
    return Change(name, memory.before[name], memory.seen.get(name), is_unsure=name in memory.unsure)


def _total(memory: Memory) -> Iterator[Change]:
    if TOTAL in memory.before:
        yield _of_field(TOTAL, memory)


def _overwritten(kind: RecordKind, name: str, ours: Any, memory: Memory) -> Iterator[Change]:
    """A field that we never wrote was empty as far as we are concerned, whoever has filled it in."""
    theirs = memory.seen.get(name)
    if name in ALWAYS_WRITTEN.get(kind, ()) or agrees(name, ours, theirs):
        return
    if name in DEFAULTED and name not in memory.sent:
        return
    if name in memory.before:
        yield _of_field(name, memory)
    elif name not in memory.sent and name not in memory.unsettled and not is_empty(name, theirs):
        yield Change(name, None, theirs)


def _along(kind: RecordKind, body: RemoteRecord, wanted: RemoteRecord, memory: Memory) -> dict[str, Any]:
    """What has to be said with the rest so that QuickBooks does not work it out anew: the tax with the lines
    and with the place, the due date with the date and the terms, what a payment pays with anything of it (contract
    section 2.5: without lines it may pay nothing any more); each as it is there.
    """
    along: dict[str, Any] = {}
    if kind is RecordKind.PAYMENT and LINES not in body:
        along[LINES] = _paid_there(wanted, memory)
    if {LINES, PLACE} & body.keys() and TAX not in body and TAX in wanted:
        along[TAX] = fields.sent_back(TAX, memory.seen.get(TAX, wanted[TAX]))
    if DUE_FOLLOWS & body.keys() and "DueDate" not in body and "DueDate" in wanted:
        along["DueDate"] = memory.seen.get("DueDate", wanted["DueDate"])
    return along


def _paid_there(wanted: RemoteRecord, memory: Memory) -> list[RemoteRecord]:
    """What QuickBooks last showed; a payment that it showed without lines pays nothing, and goes on so."""
    if memory.partial or not memory.seen:
        return list(wanted[LINES])
    return [fields.line_sent_back(line) for line in memory.seen.get(LINES, ())]
