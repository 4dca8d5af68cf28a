"""Payments that are to leave an invoice in QuickBooks, taken back or moved, and what has to wait until they have:
the void of the invoice, which QuickBooks refuses while one is applied (contract section 2.5), and other payments,
which would find less to pay than there will be.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import array

from app.extensions import db
from app.invoices.models import Payment
from app.quickbooks.kinds.records import links_of
from app.quickbooks.mapping.money_record import is_over
from app.quickbooks.mapping.payment import applied
from app.quickbooks.models import BatchState, Connection, PushBatch, RecordKind, RemoteLink, SyncTask

# The id of a payment, and those of the invoices it is applied to there.
Applied = Iterator[tuple[int, Iterable[str]]]


def leaving(connection: Connection, invoice_ids: Collection[int]) -> dict[int, SyncTask]:
    """By invoice, the row of a payment of ours that has to leave it first.

    With payments off nothing is sent for them, so none is waited for: QuickBooks' refusal says what to do.
    """
    if not invoice_ids or not connection.preferences.sync_payments:
        return {}
    links = links_of(connection.id, RecordKind.INVOICE, invoice_ids).values()
    ours = {link.remote_id: link.record_id for link in links if not link.memory.over}
    if not ours:
        return {}
    there = [*_applied(connection.id, ours), *_perhaps_applied(connection.id)]
    return _that_leave(connection.id, {payment_id: set(ids) for payment_id, ids in there}, ours)


def _that_leave(
    connection_id: int, there: Mapping[int, Collection[str]], ours: Mapping[str, int]
) -> dict[int, SyncTask]:
    rows = db.session.execute(
        select(Payment, SyncTask)
        .join(SyncTask, SyncTask.record_id == Payment.id)
        .where(
            SyncTask.connection_id == connection_id,
            SyncTask.kind == RecordKind.PAYMENT,
            Payment.id.in_(there),
        )
    ).tuples()
    return {
        ours[remote_id]: task
        for payment, task in rows
        for remote_id in ours.keys() & there[payment.id]
        if is_over(payment) or payment.invoice_id != ours[remote_id]
    }


def _applied(connection_id: int, remote_ids: Iterable[str]) -> Applied:
    """As QuickBooks last showed it."""
    links = db.session.scalars(
        select(RemoteLink).where(
            RemoteLink.connection_id == connection_id,
            RemoteLink.kind == RecordKind.PAYMENT,
            RemoteLink.snapshot["applied"].has_any(array(list(remote_ids))),
        )
    )
    for link in links:
        yield link.record_id, link.memory.applied


def _perhaps_applied(connection_id: int) -> Applied:
    """On the wire, or with an answer that was lost."""
    rows = db.session.execute(
        select(SyncTask.record_id, SyncTask.id, PushBatch.items)
        .join(PushBatch, SyncTask.batch_id == PushBatch.id)
        .where(
            PushBatch.connection_id == connection_id,
            PushBatch.state == BatchState.WRITTEN,
            SyncTask.kind == RecordKind.PAYMENT,
        )
    ).tuples()
    for payment_id, task_id, items in rows:
        body = next(item.body for item in items if item.task_id == task_id)
        if "Line" in body:
            yield payment_id, applied(body)
