"""Payments that are to leave an invoice in QuickBooks, taken back or moved, and what has to wait until they have:
the void of the invoice, which QuickBooks refuses while one is applied (contract section 2.5), and other payments,
which would find less to pay than there will be.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import array

from app.extensions import db
from app.invoices.models import Payment
from app.quickbooks.kinds.records import links_of
from app.quickbooks.mapping.money_record import is_over
from app.quickbooks.mapping.payment import applied
from app.quickbooks.models import BatchState, Connection, PushBatch, RecordKind, RemoteLink, SyncTask


@dataclass(frozen=True)
class Applied:
    """Ids there of the invoices that a payment is applied to (`there`), and of those that we last `sent` it for."""

    payment_id: int
    there: Collection[str]
    sent: Collection[str]


def leaving(connection: Connection, invoice_ids: Collection[int]) -> dict[int, SyncTask]:
    """By invoice, the row of a payment of ours that has to leave it first.

    With payments off nothing is sent for them, so none is waited for: QuickBooks' refusal says what to do.
    """
    if not invoice_ids or not connection.preferences.sync_payments:
        return {}
    links = links_of(connection.id, {RecordKind.INVOICE: invoice_ids}).values()
    ours = {link.remote_id: link.record_id for link in links if not link.memory.over}
    if not ours:
        return {}
    there = [*_applied(connection.id, ours), *_perhaps_applied(connection.id)]
    return _that_leave(connection.id, {one.payment_id: one for one in there}, ours)


def _that_leave(
    connection_id: int, there: Mapping[int, Applied], ours: Mapping[str, int]
) -> dict[int, SyncTask]:
    """A payment that a bookkeeper moved stays where it is, unless we still have to send it for its own invoice."""
    rows = (
        db.session.execute(
            select(Payment, SyncTask)
            .join(SyncTask, SyncTask.record_id == Payment.id)
            .where(
                SyncTask.connection_id == connection_id,
                SyncTask.kind == RecordKind.PAYMENT,
                Payment.id.in_(there),
            )
        )
        .tuples()
        .all()
    )
    homes = links_of(connection_id, {RecordKind.INVOICE: {payment.invoice_id for payment, _ in rows}})
    found = {}
    for payment, task in rows:
        known = there[payment.id]
        home = homes.get((RecordKind.INVOICE, payment.invoice_id))
        is_sent = home is not None and home.remote_id in known.sent
        for remote_id in ours.keys() & known.there:
            if is_over(payment) or (payment.invoice_id != ours[remote_id] and not is_sent):
                found[ours[remote_id]] = task
    return found


def _applied(connection_id: int, remote_ids: Iterable[str]) -> Iterator[Applied]:
    """As QuickBooks last showed it."""
    links = db.session.scalars(
        select(RemoteLink).where(
            RemoteLink.connection_id == connection_id,
            RemoteLink.kind == RecordKind.PAYMENT,
            RemoteLink.snapshot["applied"].has_any(array(list(remote_ids))),
        )
    )
    for link in links:
        yield Applied(link.record_id, link.memory.applied, applied(link.memory.sent))


def _perhaps_applied(connection_id: int) -> Iterator[Applied]:
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
            yield Applied(payment_id, applied(body), applied(body))
