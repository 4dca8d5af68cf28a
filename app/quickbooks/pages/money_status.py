"""What an invoice's page says about its money in QuickBooks: on its way, stuck, or different there. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import and_, or_, select

from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus
from app.lib.money import shown
from app.quickbooks.account.connection import live_connection
from app.quickbooks.kinds.records import link_of
from app.quickbooks.models import Connection, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.outbox.states import IN_PROGRESS
from app.quickbooks.pages.standing import standstill_of

PAYMENTS_OFF = (
    "Payments & refunds is off in Sync Preferences, so money recorded here does not go to QuickBooks."
)
RECORD_OR_SWITCH_ON = "Record it in QuickBooks too, or an Owner switches Payments & refunds on."
PAID_THERE = "Money recorded in QuickBooks does not come here."
RECORD_HERE = "Record the payment here too, or take it off the invoice in QuickBooks."
LEFT_OUT = "Some of its money was left out of the sync."
TAKE_BACK = "Take it back on the QuickBooks page, or record it in QuickBooks too."
CHANGED_THERE = "A payment was changed or removed in QuickBooks."
LOOK_THERE = "Compare the payments of the invoice in QuickBooks with those here."


@dataclass(frozen=True)
class Note:
    """What is not as it should be, and what to do about it."""

    sentence: str
    remedy: str


@dataclass(frozen=True)
class MoneyStatus:
    """`on_the_way` counts payments and refunds that are queued or being sent, `standstill` is why they are not."""

    on_the_way: int = 0
    notes: tuple[Note, ...] = ()
    standstill: str = ""


def money_status(invoice: Invoice) -> MoneyStatus:
    connection = live_connection(invoice.company_id)
    if connection is None:
        return MoneyStatus()
    rows = _rows(connection, invoice)
    on_the_way = sum(row.state in IN_PROGRESS for row in rows)
    stuck = [row for row in rows if row.state in (TaskState.ERROR, TaskState.BACKOFF)]
    if on_the_way or stuck:
        notes = tuple(Note(row.message, row.remedy) for row in stuck)
        return MoneyStatus(on_the_way, notes, _standstill(connection, rows))
    return MoneyStatus(notes=tuple(_other_balance(connection, invoice, rows)))


def _standstill(connection: Connection, rows: Sequence[SyncTask]) -> str:
    """Its own, or that of the invoice it waits for."""
    of_invoice = (
        standstill_of(connection, RecordKind.INVOICE) if any(row.waits_for_id for row in rows) else ""
    )
    return standstill_of(connection, RecordKind.PAYMENT) or of_invoice


def _rows(connection: Connection, invoice: Invoice) -> Sequence[SyncTask]:
    payments = [payment.id for payment in invoice.payments]
    refunds = [refund.id for refund in invoice.refunds]
    return db.session.scalars(
        select(SyncTask).where(
            SyncTask.connection_id == connection.id,
            or_(
                and_(SyncTask.kind == RecordKind.PAYMENT, SyncTask.record_id.in_(payments)),
                and_(SyncTask.kind == RecordKind.REFUND, SyncTask.record_id.in_(refunds)),
            ),
        )
    ).all()


def _other_balance(connection: Connection, invoice: Invoice, rows: Sequence[SyncTask]) -> list[Note]:
    """Compared by what is paid: a different total is told by the invoice's own row."""
    link = link_of(connection.id, RecordKind.INVOICE, invoice.id)
    if link is None or invoice.status is InvoiceStatus.VOID or not _is_telling(link):
        return []
    balance = Decimal(link.memory.balance or 0)
    paid_there = Decimal(link.memory.total or 0) - balance
    if paid_there == invoice.paid_total:
        return []
    symbol = connection.company.currency.symbol
    there, here = shown(balance, symbol), shown(invoice.balance, symbol)
    sides = f"QuickBooks last showed {there} open on this invoice; here {here} is open."
    if any(row.state is TaskState.SKIPPED for row in rows):
        return [Note(f"{sides} {LEFT_OUT}", TAKE_BACK)]
    why, remedy = _why(paid_there > invoice.paid_total, connection.preferences.sync_payments)
    return [Note(f"{sides} {why}", remedy)]


def _is_telling(link: RemoteLink) -> bool:
    seen = link.memory
    is_known = seen.balance is not None and seen.total is not None
    return is_known and not (seen.over or link.left_different)


def _why(more_is_paid_there: bool, payments_sync: bool) -> tuple[str, str]:
    if more_is_paid_there:
        return PAID_THERE, RECORD_HERE
    return (CHANGED_THERE, LOOK_THERE) if payments_sync else (PAYMENTS_OFF, RECORD_OR_SWITCH_ON)
