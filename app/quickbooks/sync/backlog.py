"""What a connection owes QuickBooks: after connecting, reconnecting, or switching a data type on."""

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice
from app.lib.money import ZERO
from app.quickbooks.models import SYNCABLE, Connection, RecordKind, RemoteLink, SyncTask
from app.quickbooks.sync import outbox


def catch_up(connection: Connection) -> None:
    """Queue every customer QuickBooks lacks or has in an old state, and every invoice it has in an old state.

    Invoices it does not have are only offered (domain, promises 3 and 9).
    """
    if connection.preferences.sync_customers:
        outbox.queue(connection.id, RecordKind.CUSTOMER, db.session.scalars(_owed_customers(connection)))
    if connection.preferences.sync_invoices:
        outbox.queue(connection.id, RecordKind.INVOICE, db.session.scalars(_changed_invoices(connection)))


def unsent(connection: Connection) -> tuple[int, Decimal]:
    """How many invoices were generated while nothing synced, and their sum."""
    count, total = db.session.execute(
        _unsent_invoices(connection, func.count(), func.sum(Invoice.total))
    ).one()
    return count, total or ZERO


def queue_unsent(connection: Connection) -> None:
    outbox.queue(
        connection.id, RecordKind.INVOICE, db.session.scalars(_unsent_invoices(connection, Invoice.id))
    )


def _owed_customers(connection: Connection) -> Select[tuple[int]]:
    return (
        select(Customer.id)
        .outerjoin(RemoteLink, _link(connection, RecordKind.CUSTOMER, Customer.id))
        .where(
            Customer.company_id == connection.company_id,
            or_(RemoteLink.id.is_(None), Customer.updated_at > RemoteLink.pushed_at),
        )
    )


def _changed_invoices(connection: Connection) -> Select[tuple[int]]:
    return (
        select(Invoice.id)
        .join(RemoteLink, _link(connection, RecordKind.INVOICE, Invoice.id))
        .where(
            Invoice.company_id == connection.company_id,
            Invoice.status.in_(SYNCABLE),
            Invoice.updated_at > RemoteLink.pushed_at,
        )
    )


def _unsent_invoices(connection: Connection, *columns: Any) -> Select[Any]:
    """Never queued here, and generated since this company first connected."""
    task = and_(
        SyncTask.connection_id == connection.id,
        SyncTask.kind == RecordKind.INVOICE,
        SyncTask.record_id == Invoice.id,
    )
    return (
        select(*columns)
        .select_from(Invoice)
        .outerjoin(SyncTask, task)
        .where(
            Invoice.company_id == connection.company_id,
            Invoice.status.in_(SYNCABLE),
            Invoice.generated_at >= connection.first_connected_at,
            SyncTask.id.is_(None),
        )
    )


def _link(connection: Connection, kind: RecordKind, record_id: Any) -> ColumnElement[bool]:
    return and_(
        RemoteLink.connection_id == connection.id,
        RemoteLink.kind == kind,
        RemoteLink.record_id == record_id,
    )
