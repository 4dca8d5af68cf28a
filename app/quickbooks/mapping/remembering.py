"""What a link remembers after each answer of QuickBooks (models/memory.py). Nothing here asks or writes."""

from dataclasses import replace
from typing import Any

from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.mapping import lines
from app.quickbooks.mapping.fields import (
    LINES,
    MERGED_BY_LINE,
    TOTAL,
    WORDS,
    agrees,
    excerpt,
    is_same,
)
from app.quickbooks.mapping.payment import applied
from app.quickbooks.mapping.voids import is_void
from app.quickbooks.models import RecordKind
from app.quickbooks.models.memory import Memory


def learn(memory: Memory, kind: RecordKind, remote: RemoteRecord, moved: bool = False) -> Memory:
    """QuickBooks was read; `moved` says that its version is another than the one we held."""
    is_over = remote.get("status") == "Deleted" or (
        is_void(dict(remote)) and not _is_our_note(memory.sent, remote)
    )
    if remote.get("status") == "Deleted":  # answered with little more than its Id
        return replace(memory, over=True, applied={})
    seen = excerpt(kind, remote)
    unsure = frozenset(name for name in memory.unsure if is_same(name, memory.seen.get(name), seen.get(name)))
    before = _changed(memory, seen, unsure)
    return replace(
        memory,
        seen=seen,
        before=before,
        unsure=unsure & before.keys(),
        applied=applied(dict(remote)) if kind is RecordKind.PAYMENT else {},
        over=is_over,
        moved=memory.moved or moved,
        in_doubt=False,
        partial=False,
        balance_moved=False,
        paid={},
    )


def _is_our_note(ours: RemoteRecord, remote: RemoteRecord) -> bool:
    """Then QuickBooks has put nothing before it: people may begin a note with "Voided" too."""
    note = ours.get("PrivateNote")
    return bool(note) and note == remote.get("PrivateNote")


def confirm(memory: Memory, kind: RecordKind, ours: RemoteRecord, remote: RemoteRecord) -> Memory:
    """QuickBooks took what is `ours`: whatever it shows of it now is what it makes of it."""
    known = learn(memory, kind, remote)
    written = {name: value for name, value in ours.items() if name in WORDS[kind]}
    if LINES in written and kind in MERGED_BY_LINE:
        shown = known.seen.get(LINES, ())
        written[LINES] = lines.with_ids(written[LINES], memory.seen.get(LINES, ()), shown)
    settled = written.keys() | ({TOTAL} if LINES in written else set())
    return replace(
        known,
        sent={**known.sent, **written},
        before={name: value for name, value in known.before.items() if name not in settled},
        unsure=known.unsure - settled,
        asked={},
        unsettled=known.unsettled - written.keys(),
        entered=known.entered - settled,
        adopted=False,
        over=known.over and not _is_our_note(ours, remote),
        moved=False,
    )


def end(memory: Memory, kind: RecordKind, remote: RemoteRecord) -> Memory:
    """We voided or deleted it."""
    return replace(
        learn(memory, kind, remote),
        before={},
        unsure=frozenset(),
        asked={},
        adopted=False,
        over=True,
        moved=False,
    )


def after_lost_answer(
    memory: Memory, kind: RecordKind, ours: RemoteRecord, remote: RemoteRecord, versions: int
) -> Memory:
    """The answer to our update is lost, and QuickBooks was read again, `versions` later than the one we changed.

    What shows our values was done. Where a part of it was done, what shows something else was changed afterwards,
    and is asked about. Where nothing shows that it was done, two versions may be two edits of somebody else's, or
    ours and one that took it back: what shows what it did before our update is asked about as unsure.
    """
    known = learn(memory, kind, remote, moved=versions > 0)
    done = {name for name, value in ours.items() if agrees(name, value, remote.get(name))}
    if done == ours.keys():
        return confirm(memory, kind, ours, remote)
    news = {name for name in done if not agrees(name, ours[name], memory.seen.get(name))}
    if not news and versions - _by_payments(memory, remote) < 2:
        return known
    taken = confirm(memory, kind, {name: ours[name] for name in done}, remote) if done else known
    undone = {name: value for name, value in ours.items() if name not in done and name in WORDS[kind]}
    if news:
        return replace(taken, before={**taken.before, **undone}, moved=True)
    as_it_was = {
        name: value
        for name, value in undone.items()
        if is_same(name, memory.seen.get(name), known.seen.get(name))
    }
    return replace(
        taken, before={**taken.before, **as_it_was}, unsure=taken.unsure | as_it_was.keys(), moved=True
    )


def leave(memory: Memory) -> Memory:
    """A person leaves there what they were asked about: it is not written again until it is changed here."""
    return replace(memory, sent={**memory.sent, **memory.asked}, asked={})


def changed_meanwhile(memory: Memory, name: str, sent: RemoteRecord) -> Memory:
    """Somebody had changed a field of what we made before we knew that it was there."""
    return replace(memory, before={**memory.before, name: sent.get(name)}, moved=True)


def untaken(memory: Memory, name: str) -> Memory:
    """QuickBooks made something else of a field than we wrote: the next push writes it again."""
    sent = {key: value for key, value in memory.sent.items() if key != name}
    return replace(memory, sent=sent, unsettled=memory.unsettled | {name})


def undone_by_us(memory: Memory, name: str) -> Memory:
    """As untaken, by our own write: nobody else changed the field."""
    before = {key: value for key, value in memory.before.items() if key != name}
    return replace(untaken(memory, name), before=before, unsure=memory.unsure - {name})


def _changed(memory: Memory, seen: RemoteRecord, unsure: frozenset[str]) -> dict[str, Any]:
    """Of the fields that are ours there, those that show something else than when we wrote them. One that was
    unsure and moved on was surely changed, from what it showed.
    """
    sure_now = memory.unsure - unsure
    base = {**memory.seen, **{name: old for name, old in memory.before.items() if name not in sure_now}}
    names = {name for name in memory.unsettled if name in base} | memory.sent.keys()
    if memory.partial:
        names &= base.keys()
    if TOTAL in base:
        names |= {TOTAL}
    return {
        name: base.get(name) for name in sorted(names) if not is_same(name, base.get(name), seen.get(name))
    }


def _by_payments(memory: Memory, remote: RemoteRecord) -> int:
    """How many versions came of payments: each one applied, or taken off, makes one (contract section 2.5)."""
    before, after = (
        {link.get("TxnId") for link in record.get("LinkedTxn", ())} for record in (memory.seen, remote)
    )
    return len(before ^ after)
