"""What happens in the host becomes outbox rows, inside the host's own transaction."""

from collections.abc import Sequence
from typing import Any

from app.accounts.events import plan_changed
from app.customers.events import customers_changed
from app.invoices.events import invoices_changed, payments_changed, refunds_changed
from app.quickbooks.account.connection import live_connection
from app.quickbooks.models import RecordKind
from app.quickbooks.outbox import announced
from app.quickbooks.outbox.nudge import nudge_after_commit


def register() -> None:
    customers_changed.connect(_queue_customers)
    invoices_changed.connect(_queue_invoices)
    payments_changed.connect(_queue_payments)
    refunds_changed.connect(_queue_refunds)
    plan_changed.connect(_resume)


def _queue_customers(company_id: int, ids: Sequence[int], **_: Any) -> None:
    announced.queue_customers(company_id, ids)


def _queue_invoices(company_id: int, ids: Sequence[int], **_: Any) -> None:
    announced.queue_invoices(company_id, ids)


def _queue_payments(company_id: int, ids: Sequence[int], **_: Any) -> None:
    announced.queue_money(company_id, RecordKind.PAYMENT, ids)


def _queue_refunds(company_id: int, ids: Sequence[int], **_: Any) -> None:
    announced.queue_money(company_id, RecordKind.REFUND, ids)


def _resume(company_id: int, **_: Any) -> None:
    """Back on a plan with QuickBooks: what gathered meanwhile may go."""
    if connection := live_connection(company_id):
        nudge_after_commit(connection.id)
