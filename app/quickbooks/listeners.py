"""What happens in the host becomes outbox rows, inside the host's own transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.accounts.events import plan_changed
from app.customers.events import customers_changed
from app.extensions import db
from app.invoices.events import invoices_changed, payments_changed, refunds_changed
from app.invoices.models import Invoice
from app.quickbooks import outbox
from app.quickbooks.account.connection import live_connection
from app.quickbooks.models import SYNCABLE, RecordKind
from app.quickbooks.outbox import backlog, money_records
from app.quickbooks.outbox.nudge import nudge_after_commit


def register() -> None:
    customers_changed.connect(_queue_customers)
    invoices_changed.connect(_queue_invoices)
    payments_changed.connect(_queue_payments)
    refunds_changed.connect(_queue_refunds)
    plan_changed.connect(_resume)


def _queue_customers(company_id: int, ids: Sequence[int], **_: Any) -> None:
    backlog.hold_back(company_id)
    connection = live_connection(company_id)
    if connection and connection.preferences.sync_customers:
        outbox.queue(connection.id, RecordKind.CUSTOMER, ids)


def _queue_invoices(company_id: int, ids: Sequence[int], **_: Any) -> None:
    """What was generated since the connection, and what has a row already; older ones go by hand only."""
    backlog.hold_back(company_id)
    connection = live_connection(company_id)
    if connection is None or not connection.preferences.sync_invoices:
        return
    syncable = db.session.scalars(select(Invoice.id).where(Invoice.id.in_(ids), Invoice.status.in_(SYNCABLE)))
    known = outbox.known(connection.id, RecordKind.INVOICE, ids)
    fresh = db.session.scalars(
        select(Invoice.id).where(Invoice.id.in_(ids), Invoice.generated_at >= connection.connected_at)
    )
    outbox.queue(connection.id, RecordKind.INVOICE, set(syncable) & (known | set(fresh)))


def _queue_payments(company_id: int, ids: Sequence[int], **_: Any) -> None:
    _queue_money(company_id, RecordKind.PAYMENT, ids)


def _queue_refunds(company_id: int, ids: Sequence[int], **_: Any) -> None:
    _queue_money(company_id, RecordKind.REFUND, ids)


def _queue_money(company_id: int, kind: RecordKind, ids: Sequence[int]) -> None:
    backlog.hold_back(company_id)
    connection = live_connection(company_id)
    if connection and connection.preferences.sync_payments:
        money_records.queue(connection, kind, ids)


def _resume(company_id: int, **_: Any) -> None:
    """Back on a plan with QuickBooks: what gathered meanwhile may go."""
    if connection := live_connection(company_id):
        nudge_after_commit(connection.id)
