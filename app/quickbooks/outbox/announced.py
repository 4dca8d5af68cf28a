"""What was saved and has to go to QuickBooks: one statement that asks everything and queues it.

Each takes what a room announces, the company and the ids, and does nothing where no connection is live.
"""

from collections.abc import Collection

from sqlalchemy import Select, and_, or_, select

from app.customers.models import Customer
from app.extensions import among
from app.invoices.models import Invoice
from app.quickbooks.kinds.records import of_record
from app.quickbooks.models import LIVE, SYNCABLE, Connection, Preferences, RecordKind, SyncTask
from app.quickbooks.outbox import money_records, rows
from app.quickbooks.outbox.backlog import dated_since_connecting
from app.quickbooks.outbox.catching_up import hold_back


def queue_customers(company_id: int, ids: Collection[int]) -> None:
    hold_back(company_id)
    customers: Select[int, int] = (
        select(Connection.id, Customer.id)
        .join(Connection, Connection.company_id == Customer.company_id)
        .join(Connection.preferences)
        .where(Customer.company_id == company_id, among(Customer.id, ids), LIVE, Preferences.sync_customers)
    )
    rows.queue_selected(RecordKind.CUSTOMER, customers)


def queue_invoices(company_id: int, ids: Collection[int]) -> None:
    """Queue invoices that already have a row, and new ones: dated on or after the Owner's day or, without such a
    day, generated since connecting. Older ones are sent by hand only, and so are drafts that were voided.
    """
    hold_back(company_id)
    is_known = SyncTask.id.is_not(None)
    invoices: Select[int, int] = (
        select(Connection.id, Invoice.id)
        .join(Connection, Connection.company_id == Invoice.company_id)
        .join(Connection.preferences)
        .outerjoin(SyncTask, of_record(SyncTask, Connection, RecordKind.INVOICE, Invoice.id))
        .where(
            Invoice.company_id == company_id,
            among(Invoice.id, ids),
            Invoice.status.in_(SYNCABLE),
            LIVE,
            Preferences.sync_invoices,
            or_(is_known, dated_since_connecting()),
        )
    )
    rows.queue_selected(RecordKind.INVOICE, invoices)


def queue_money(company_id: int, kind: RecordKind, ids: Collection[int]) -> None:
    """Payments or refunds: of an invoice that QuickBooks has or gets, and what was sent already."""
    hold_back(company_id)
    of_company = and_(Connection.company_id == company_id, LIVE)
    these = among(money_records.MODELS[kind].id, ids)
    wanted = money_records.recorded(kind, of_company, these, Preferences.sync_payments)
    rows.queue_selected(kind, wanted)
