"""What an empty queue does not say: what was never sent, left out, left different or switched off, in money. Reads
only.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, TextClause, and_, func, select, text

from app.extensions import db
from app.invoices.models import Invoice
from app.lib.money import ZERO
from app.quickbooks.models import Connection, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.models.links import LEFT_DIFFERENT
from app.quickbooks.outbox.invoice_counts import Counts, Sum


@dataclass(frozen=True)
class Beside:
    """`earlier` is from before the connection or the day that was chosen, `unsent` from while nothing was sent."""

    earlier: Sum
    unsent: Sum
    left_out: Sum
    different: Sum
    switched_off: tuple[str, ...]

    @property
    def never_sent(self) -> Sum:
        return Sum(self.earlier.count + self.unsent.count, self.earlier.total + self.unsent.total)


def beside(connection: Connection, invoices: Counts) -> Beside:
    """`invoices`: how they count at this moment."""
    chosen = connection.preferences
    is_on = {"customers": chosen.sync_customers, "invoices": chosen.sync_invoices}
    return Beside(
        earlier=invoices.earlier,
        unsent=invoices.unsent,
        left_out=_summed(connection, SyncTask, SyncTask.state == TaskState.SKIPPED),
        different=_summed(connection, RemoteLink, text(LEFT_DIFFERENT)),
        switched_off=tuple(kind for kind, on in is_on.items() if not on),
    )


def _summed(
    connection: Connection, model: type[SyncTask | RemoteLink], condition: ColumnElement[bool] | TextClause
) -> Sum:
    is_invoice = and_(model.kind == RecordKind.INVOICE, Invoice.id == model.record_id)
    count, total = db.session.execute(
        select(func.count(), func.sum(Invoice.counted_total))
        .select_from(model)
        .outerjoin(Invoice, is_invoice)
        .where(model.connection_id == connection.id, condition)
    ).one()
    return Sum(count, total or ZERO)
