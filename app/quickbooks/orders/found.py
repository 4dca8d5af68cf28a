"""Invoices that were never sent, taken for those that QuickBooks has already: linked, and nothing is sent."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, and_, literal, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import among, db
from app.invoices.models import Invoice
from app.quickbooks.lane.adoption import Links
from app.quickbooks.mapping.invoice import plain_fields
from app.quickbooks.models import (
    Connection,
    FoundInvoice,
    FoundState,
    RecordKind,
    RemoteLink,
    SyncTask,
    TaskState,
)
from app.quickbooks.orders.records import note
from app.quickbooks.outbox import decisions, money_records, rows
from app.quickbooks.outbox.states import ON_THE_WIRE

INVOICE = RecordKind.INVOICE
LINKED_AS = 1  # the version that a linked row counts as sent: nothing left for it
ITS_MONEY = "Its invoice was in QuickBooks already, with what was recorded there."


def link_found(connection: Connection, found: Sequence[FoundInvoice], by: str) -> int:
    """They are in QuickBooks already: linked, not sent; returns how many. The caller commits."""
    count = _link(connection, _locked(connection, found), by)
    invoices = "1 earlier invoice with the one" if count == 1 else f"{count:,} earlier invoices with those"
    record(ActivityKind.SYNC, f"linked {invoices} in QuickBooks", connection.company_id)
    return count


def set_found_apart(connection: Connection, found: FoundInvoice) -> None:
    """The two are not the same; what was linked is linked no more. The caller commits. Raises ValueError."""
    for one in _locked(connection, [found]):
        if one.state is FoundState.LINKED:
            _unlink(connection, one)
        one.state = FoundState.ANOTHER
        note(connection, INVOICE, one.invoice_id, "said that QuickBooks has another invoice")


def _locked(connection: Connection, found: Sequence[FoundInvoice]) -> Sequence[FoundInvoice]:
    """Those that are still the same pairs, as they are by now, before any row of the outbox is locked: a check
    takes pairs back, and another look replaces them.
    """
    theirs = {one.invoice_id: one.remote_id for one in found}
    still_there = select(FoundInvoice).where(
        FoundInvoice.connection_id == connection.id, among(FoundInvoice.invoice_id, theirs)
    )
    in_order = still_there.order_by(FoundInvoice.invoice_id).with_for_update()
    locked = db.session.scalars(in_order.execution_options(populate_existing=True))
    return [one for one in locked if one.remote_id == theirs[one.invoice_id]]


def _link(connection: Connection, found: Sequence[FoundInvoice], by: str) -> int:
    """Those that are still free on both sides; how many. Their money is left out: QuickBooks has its own."""
    by_id = {one.invoice_id: one for one in found if one.state is FoundState.FOUND}
    tasks = _rested(connection, list(by_id))
    invoices = _with_customers(by_id)
    links = Links.of((task, by_id[task.record_id].remote_id) for task in tasks)
    count = 0
    for task in tasks:
        one = by_id[task.record_id]
        if links.link_of(task) or links.is_anothers(task, one.remote_id):
            db.session.delete(task)
            continue
        taken = links.take(task, one.record)
        taken.memory = replace(taken.memory, linked=plain_fields(invoices[one.invoice_id]))
        one.state = FoundState.LINKED
        decisions.note_link(task, by)
        count += 1
    db.session.flush()
    _leave_out_money(connection, [id_ for id_, one in by_id.items() if one.state is FoundState.LINKED], by)
    return count


def _with_customers(invoice_ids: Iterable[int]) -> dict[int, Invoice]:
    loaders = (joinedload(Invoice.customer), selectinload(Invoice.lines))
    query = select(Invoice).where(Invoice.id.in_(invoice_ids)).options(*loaders)
    return {invoice.id: invoice for invoice in db.session.scalars(query)}


def _unlink(connection: Connection, one: FoundInvoice) -> None:
    """It is never sent again, until somebody says so. Raises ValueError with a sentence."""
    where = {"connection_id": connection.id, "kind": INVOICE, "record_id": one.invoice_id}
    task = db.session.scalar(select(SyncTask).filter_by(**where).with_for_update())
    money = _lock_its_money(connection, one)
    found = db.session.scalar(select(RemoteLink).filter_by(**where).with_for_update())
    is_sent = task is not None and (task.state in ON_THE_WIRE or task.sent > LINKED_AS)
    if found is None or found.remote_id != one.remote_id or found.memory.is_written or is_sent:
        raise ValueError("Something was sent for it since. It stays linked.")
    if any(row.sent for row in money) or _has_money_there(connection, one):
        raise ValueError("A payment or refund of it was sent since. It stays linked.")
    db.session.delete(found)
    for row in money:  # it follows the invoice once that is sent
        db.session.delete(row)
    db.session.flush()  # one may wait for the row of the invoice
    if task is not None:
        db.session.delete(task)


def _lock_its_money(connection: Connection, one: FoundInvoice) -> Sequence[SyncTask]:
    """The rows of its payments and refunds, in the order in which the lane locks them, before any link."""
    return db.session.scalars(
        select(SyncTask)
        .where(SyncTask.connection_id == connection.id, _is_money_of(SyncTask, one))
        .order_by(SyncTask.kind, SyncTask.record_id)
        .with_for_update()
    ).all()


def _has_money_there(connection: Connection, one: FoundInvoice) -> bool:
    """QuickBooks has a payment or a refund of it, or a payment of ours on the invoice there."""
    is_applied = RemoteLink.snapshot["applied"].has_key(one.remote_id)
    there = select(RemoteLink.id).where(
        RemoteLink.connection_id == connection.id,
        or_(_is_money_of(RemoteLink, one), and_(RemoteLink.kind == RecordKind.PAYMENT, is_applied)),
    )
    return db.session.scalar(there.limit(1)) is not None


def _is_money_of(table: type[SyncTask | RemoteLink], one: FoundInvoice) -> ColumnElement[bool]:
    return or_(
        *(
            and_(
                table.kind == kind, table.record_id.in_(select(model.id).filter_by(invoice_id=one.invoice_id))
            )
            for kind, model in money_records.MODELS.items()
        )
    )


def _rested(connection: Connection, invoice_ids: list[int]) -> Sequence[SyncTask]:
    """New rows for those that have none, at rest."""
    chosen = select(literal(connection.id), Invoice.id).where(
        Invoice.company_id == connection.company_id, Invoice.id.in_(invoice_ids)
    )
    ids = rows.add_resting(INVOICE, chosen, TaskState.SYNCED, sent=LINKED_AS, reached=LINKED_AS)
    return db.session.scalars(select(SyncTask).where(SyncTask.id.in_(ids)).order_by(SyncTask.record_id)).all()


def _leave_out_money(connection: Connection, invoice_ids: list[int], by: str) -> None:
    for kind, model in money_records.MODELS.items():
        recorded = select(model.id).where(
            model.company_id == connection.company_id, model.invoice_id.in_(invoice_ids)
        )
        decisions.leave_out_never_sent(connection.id, recorded, ITS_MONEY, by, kind)
