"""What a push of an invoice would overwrite: both sides, freshly read, and what somebody changed in QuickBooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from app.extensions import now
from app.invoices.models import Invoice, InvoiceStatus
from app.quickbooks import outbox
from app.quickbooks.account import gateway, tokens
from app.quickbooks.account.metering import reading_for
from app.quickbooks.account.page_reads import Enough
from app.quickbooks.api.errors import ApiError
from app.quickbooks.catalogue import entry_for, problem, proves_gone
from app.quickbooks.catalogue.keys import DIFFERENT
from app.quickbooks.kinds.comparison import RemoteInvoice, Yardstick, differences
from app.quickbooks.kinds.records import link_of
from app.quickbooks.mapping import drift, fingerprint, remembering, updates
from app.quickbooks.mapping.fields import WORDS, agrees
from app.quickbooks.models import Connection, RecordKind, RemoteLink, TaskState
from app.quickbooks.models.answers import Question
from app.quickbooks.models.differences import DELETED, Aspect, Difference
from app.quickbooks.models.memory import Memory
from app.quickbooks.outbox.answers import NOTHING_SEEN
from app.quickbooks.pages.both_sides import Preview, Rest, Side

# What kinds/comparison.py compares.
SHOWN_ANYWAY = {
    "DocNumber",
    "TxnDate",
    "CustomerRef",
    "TotalAmt",
    "TxnTaxDetail",
}


class Unreadable(Exception):
    """QuickBooks cannot be asked at present; the text says why, for a person."""


def look(connection: Connection, invoice: Invoice) -> Preview:
    """At most one request to QuickBooks. Commits. Raises LookupError when the invoice was never sent."""
    link = link_of(connection.id, RecordKind.INVOICE, invoice.id)
    if link is None:
        raise LookupError(f"{invoice.number} is not in QuickBooks")
    seen = Preview(link.remote_id, _here(invoice), link.pushed_at, was_sent=link.memory.is_written)
    try:
        remote = _read(connection, link.remote_id, f"Invoice {invoice.number}")
    except Unreadable as error:
        return replace(seen, trouble=str(error))
    if remote is None:
        return replace(seen, differences=(DELETED,))
    return _compared(seen, connection, invoice, link, remote)


@reading_for("preview")
def _read(connection: Connection, remote_id: str, name: str) -> dict[str, Any] | None:
    """None when it was deleted there. A pause of the lane is ours too. Raises Unreadable."""
    if connection.is_paused(now()):
        raise Unreadable(_sentence(connection.pause_code))
    try:
        return gateway.impatient_client_for(connection.id).read(RecordKind.INVOICE.entity, remote_id)
    except tokens.TokenError as error:
        raise Unreadable(_sentence(error.key)) from error
    except Enough as error:
        raise Unreadable(error.words) from error
    except ApiError as error:
        if proves_gone(error.fault):
            return None
        key = entry_for(error.fault).key
        raise Unreadable(_sentence(key, record=name, detail=error.fault.detail)) from error


def _sentence(key: str, **details: str) -> str:
    return problem(key).words(**details)[0]


def _compared(
    seen: Preview, connection: Connection, invoice: Invoice, link: RemoteLink, remote: dict[str, Any]
) -> Preview:
    yardstick, kind = Yardstick.of(connection, [invoice.customer_id]), RecordKind.INVOICE
    is_moved = remote["SyncToken"] != link.sync_token
    memory = remembering.learn(link.memory, kind, remote, moved=is_moved)
    there = RemoteInvoice.of(remote)
    found = differences(invoice, there, yardstick)
    rest = tuple(_rest(memory, yardstick.symbol))
    twice = _twice(connection, invoice, link)
    return replace(
        seen,
        there=_there(there),
        differing=frozenset(one.aspect for one in found),
        differences=(*found, *(Difference(Aspect.OTHER, one.text) for one in rest), *twice),
        same_number=", ".join(one.text for one in twice),
        rest=rest,
        changed=_changed(memory, link.memory, invoice, yardstick.symbol),
        is_moved=memory.moved,
        is_whole=not memory.is_new,
        fingerprint=NOTHING_SEEN if memory.is_new else fingerprint.of(memory, kind),
    )


def _changed(memory: Memory, earlier: Memory, invoice: Invoice, symbol: str) -> tuple[str, ...]:
    """A void takes everything along, so it is the one thing to tell then: also when it was void there before we
    knew of it, and is not here.
    """
    if memory.over and not (earlier.over and invoice.status is InvoiceStatus.VOID):
        return ("it was voided",)
    if memory.over:
        return ()
    changed_since = {name: was for name, was in memory.before.items() if name not in memory.entered}
    memory = replace(memory, before=changed_since)
    changes = updates.changed_there(RecordKind.INVOICE, memory)
    return tuple(dict.fromkeys(change.words(RecordKind.INVOICE, symbol) for change in changes))


def _rest(memory: Memory, symbol: str) -> Iterator[Rest]:
    """What we would write, or wrote last, beside what somebody changed it to; lines by their changes alone."""
    if memory.over:
        return
    ours = {**memory.sent, **memory.asked}
    for name in sorted((memory.before.keys() | memory.asked.keys()) & ours.keys() - SHOWN_ANYWAY):
        if not agrees(name, ours[name], memory.seen.get(name)):
            here, there = (drift.in_words(name, side.get(name), symbol) for side in (ours, memory.seen))
            yield Rest(WORDS[RecordKind.INVOICE][name], here, there)


def _twice(connection: Connection, invoice: Invoice, link: RemoteLink) -> tuple[Difference, ...]:
    """A number that is there more than once is found by comparing all invoices; one alone does not show it."""
    task = outbox.task_for(connection.id, RecordKind.INVOICE, invoice.id)
    is_said = task is not None and task.state is TaskState.ERROR and task.problem == DIFFERENT
    told = Question.from_json(task.question).differences if task and is_said else ()
    known = dict.fromkeys((*told, *link.left_differences))
    return tuple(one for one in known if one.aspect is Aspect.DUPLICATE)


def _here(invoice: Invoice) -> Side:
    return Side(
        number=invoice.number,
        day=invoice.issue_date,
        customer=invoice.customer.name,
        total=invoice.counted_total,
        balance=invoice.balance,
        is_void=invoice.status is InvoiceStatus.VOID,
    )


def _there(remote: RemoteInvoice) -> Side:
    return Side(
        number=remote.number,
        day=remote.dated,
        customer=remote.customer_name,
        total=remote.total,
        balance=remote.balance,
        is_void=remote.is_void,
    )
