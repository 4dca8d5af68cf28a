"""Earlier invoices beside those in QuickBooks that look like them. Reads only, and asks QuickBooks nothing."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, not_, select
from sqlalchemy.orm import selectinload

from app.extensions import db, now
from app.invoices.models import Invoice
from app.lib.money import ZERO
from app.quickbooks.models import Connection, FoundInvoice, FoundState, RecordKind, RemoteLink, SyncTask
from app.quickbooks.models.links import WRITTEN
from app.quickbooks.orders.found import LINKED_AS

AT_ONCE = 50
LOST = timedelta(minutes=10)  # nothing was heard of it: it may be asked again


@dataclass(frozen=True)
class Both:
    """An invoice here, and what QuickBooks showed of the one there."""

    found: FoundInvoice
    invoice: Invoice
    number: str
    customer: str
    day: date
    total: Decimal

    @property
    def is_certain(self) -> bool:
        return not self.found.reason


def is_looking(connection: Connection) -> bool:
    return connection.earlier_asked_at is not None and connection.earlier_asked_at + LOST > now()


def open_pairs(connection: Connection) -> Select[FoundInvoice]:
    """Those that nobody has said anything about, for which nothing was sent, and that are still as they were
    compared.
    """
    row = select(SyncTask.id).where(
        SyncTask.connection_id == FoundInvoice.connection_id,
        SyncTask.kind == RecordKind.INVOICE,
        SyncTask.record_id == FoundInvoice.invoice_id,
    )
    changed = select(Invoice.id).where(
        Invoice.id == FoundInvoice.invoice_id, Invoice.announced_at > FoundInvoice.found_at
    )
    return _in(connection, FoundState.FOUND).where(~row.exists(), ~changed.correlate(FoundInvoice).exists())


def certain(connection: Connection) -> Select[FoundInvoice]:
    """Number, customer, total and date are the same."""
    return open_pairs(connection).where(FoundInvoice.reason == "")


def counted(query: Select[FoundInvoice]) -> tuple[int, Decimal]:
    """How many, and their sum here."""
    count, total = db.session.execute(
        query.join(Invoice, Invoice.id == FoundInvoice.invoice_id).with_only_columns(
            func.count(), func.sum(Invoice.counted_total)
        )
    ).one()
    return count, total or ZERO


def shown(query: Select[FoundInvoice]) -> list[Both]:
    """Some of them, those that differ first."""
    rows = db.session.scalars(
        query.options(selectinload(FoundInvoice.invoice))
        .order_by(FoundInvoice.reason.desc(), FoundInvoice.invoice_id)
        .limit(AT_ONCE)
    )
    return [_both(row) for row in rows]


def linked(connection: Connection) -> Select[FoundInvoice]:
    """Those that can still be taken apart: nothing of ours was written there since (models/memory.py)."""
    link = RemoteLink
    unwritten = select(link.id).where(
        link.connection_id == FoundInvoice.connection_id,
        link.kind == RecordKind.INVOICE,
        link.record_id == FoundInvoice.invoice_id,
        link.remote_id == FoundInvoice.remote_id,
        not_(WRITTEN),
    )
    unsent = select(SyncTask.id).where(
        SyncTask.connection_id == FoundInvoice.connection_id,
        SyncTask.kind == RecordKind.INVOICE,
        SyncTask.record_id == FoundInvoice.invoice_id,
        SyncTask.sent <= LINKED_AS,
    )
    return _in(connection, FoundState.LINKED).where(unwritten.exists(), unsent.exists())


def _in(connection: Connection, state: FoundState) -> Select[FoundInvoice]:
    return select(FoundInvoice).where(
        FoundInvoice.connection_id == connection.id, FoundInvoice.state == state
    )


def _both(found: FoundInvoice) -> Both:
    record: dict[str, Any] = found.record
    return Both(
        found,
        found.invoice,
        str(record.get("DocNumber", "")),
        str((record.get("CustomerRef") or {}).get("name", "")),
        date.fromisoformat(record["TxnDate"]),
        record["TotalAmt"],
    )
