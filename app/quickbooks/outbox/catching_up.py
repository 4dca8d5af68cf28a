"""What a connection owes QuickBooks after connecting, reconnecting, or switching a data type on."""

from sqlalchemy import Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Company
from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks.kinds.records import of_record
from app.quickbooks.models import (
    SYNCABLE,
    Connection,
    RecordKind,
    RemoteLink,
    SyncTask,
    TaskState,
)
from app.quickbooks.outbox import money_records, rows
from app.quickbooks.outbox.states import ON_THE_WIRE


def catch_up(connection: Connection) -> dict[RecordKind, int]:
    """Queue every customer QuickBooks lacks or has in an old state, every invoice it has in an old state, and the
    money of all invoices it has; how many payments and refunds that were.

    Invoices it does not have are only offered (domain, promises 3 and 9). Waits for saves that are under way: one
    that began before there was anything to queue for is found here, a later one queues by itself (hold_back).
    """
    wait_for_saves(connection)
    _wait_for_no_payment(connection)
    if connection.preferences.sync_customers:
        rows.queue_selected(RecordKind.CUSTOMER, _owed_customers(connection))
    if connection.preferences.sync_invoices:
        rows.queue_selected(RecordKind.INVOICE, _changed_invoices(connection))
    return money_records.queue_owed(connection) if connection.preferences.sync_payments else {}


def hold_back(company_id: int) -> None:
    """Keep a catch-up of this company waiting until the present transaction ends."""
    company = select(Company.id).where(Company.id == company_id)
    db.session.execute(company.with_for_update(read=True, key_share=True))


def wait_for_saves(connection: Connection) -> None:
    db.session.execute(select(Company.id).where(Company.id == connection.company_id).with_for_update())


def _wait_for_no_payment(connection: Connection) -> None:
    """With payments off, no invoice waits for one: it is planned anew (kinds/applied.py)."""
    if connection.preferences.sync_payments:
        return
    payment = aliased(SyncTask)
    waiting = (
        select(SyncTask.id)
        .join(payment, payment.id == SyncTask.waits_for_id)
        .where(
            SyncTask.connection_id == connection.id,
            SyncTask.kind == RecordKind.INVOICE,
            SyncTask.waits_for_id.is_not(None),
            payment.kind == RecordKind.PAYMENT,
        )
        .with_for_update(of=SyncTask, skip_locked=True)
    )
    if ids := db.session.scalars(waiting).all():
        rows.wake(ids, TaskState.ERROR)


def _owed_customers(connection: Connection) -> Select[int, int]:
    return (
        select(literal(connection.id), Customer.id)
        .outerjoin(RemoteLink, of_record(RemoteLink, connection, RecordKind.CUSTOMER, Customer.id))
        .where(
            Customer.company_id == connection.company_id,
            or_(RemoteLink.id.is_(None), Customer.updated_at > RemoteLink.pushed_at),
        )
    )


def _changed_invoices(connection: Connection) -> Select[int, int]:
    """What they say changed since they were pushed, or since a push had nothing to send. Or they are not there: on
    the wire for the first time, or disputed when their turn came.
    """
    first_push = and_(RemoteLink.id.is_(None), SyncTask.state.in_((*ON_THE_WIRE, TaskState.SYNCED)))
    came_to_rest = case((SyncTask.state == TaskState.SYNCED, SyncTask.queued_at))
    known = func.greatest(RemoteLink.pushed_at, came_to_rest)
    return (
        select(literal(connection.id), Invoice.id)
        .outerjoin(RemoteLink, of_record(RemoteLink, connection, RecordKind.INVOICE, Invoice.id))
        .outerjoin(SyncTask, of_record(SyncTask, connection, RecordKind.INVOICE, Invoice.id))
        .where(
            Invoice.company_id == connection.company_id,
            Invoice.status.in_(SYNCABLE),
            or_(func.coalesce(Invoice.announced_at, Invoice.updated_at) > known, first_push),
        )
    )
