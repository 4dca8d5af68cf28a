"""What a connection owes QuickBooks: after connecting, reconnecting, or switching a data type on."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Company
from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks import outbox
from app.quickbooks.kinds.records import of_record
from app.quickbooks.models import (
    SYNCABLE,
    Connection,
    Preferences,
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
    _wait_for_saves(connection)
    _wait_for_no_payment(connection)
    if connection.preferences.sync_customers:
        outbox.queue_selected(RecordKind.CUSTOMER, _owed_customers(connection))
    if connection.preferences.sync_invoices:
        outbox.queue_selected(RecordKind.INVOICE, _changed_invoices(connection))
    return money_records.queue_owed(connection) if connection.preferences.sync_payments else {}


def hold_back(company_id: int) -> None:
    """Keep a catch-up of this company waiting until the present transaction ends."""
    company = select(Company.id).where(Company.id == company_id)
    db.session.execute(company.with_for_update(read=True, key_share=True))


def dated_to_be_sent(send_from: date | None, connected_at: datetime) -> ColumnElement[bool]:
    """Which invoices go without being asked for one by one: the Owner's day decides, else the day of connecting. No
    draft that was voided does.
    """
    if send_from is None:
        return Invoice.generated_at >= connected_at
    return and_(Invoice.issue_date >= send_from, Invoice.generated_at.is_not(None))


def dated_since_connecting() -> ColumnElement[bool]:
    """The same for a query over connections and their preferences; from when each was last connected."""
    return case(
        (Preferences.send_from.is_(None), Invoice.generated_at >= Connection.connected_at),
        else_=and_(Invoice.issue_date >= Preferences.send_from, Invoice.generated_at.is_not(None)),
    )


def is_before_the_day(send_from: date | None, issue_date: date) -> bool:
    """Dated before the Owner's day: it goes only when somebody sends it."""
    return send_from is not None and issue_date < send_from


def belongs_there() -> ColumnElement[bool]:
    """Of an invoice: it is one that is sent by itself. A draft that was voided never was one."""
    return and_(Invoice.status.in_(SYNCABLE), Invoice.generated_at.is_not(None))


def queue_unsent(connection: Connection) -> int:
    """What was generated while nothing synced, or is dated since the Owner's day; how many.

    Waits for saves that are under way, for the money of these invoices.
    """
    _wait_for_saves(connection)
    return outbox.queue_selected(RecordKind.INVOICE, _unsent_invoices(connection))


def queue_earlier(connection: Connection) -> None:
    """What is older than what `queue_unsent` takes, and was never queued."""
    _wait_for_saves(connection)
    never_sent = _unsent_invoices(connection, is_earlier=True)
    outbox.queue_selected(RecordKind.INVOICE, never_sent)


def never_sent(connection: Connection) -> Select[Invoice]:
    """The invoices that `queue_unsent` and `queue_earlier` take, together."""
    return (
        select(Invoice)
        .outerjoin(SyncTask, of_record(SyncTask, connection, RecordKind.INVOICE, Invoice.id))
        .where(
            Invoice.company_id == connection.company_id,
            belongs_there(),
            SyncTask.id.is_(None),
        )
    )


def queue_chosen(connection: Connection, invoices: Select[Invoice]) -> int:
    """Some of those that were never sent; returns how many. Waits as queue_unsent does."""
    _wait_for_saves(connection)
    chosen: Select[int, int] = invoices.with_only_columns(literal(connection.id), Invoice.id)
    return outbox.queue_selected(RecordKind.INVOICE, chosen)


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


def _wait_for_saves(connection: Connection) -> None:
    db.session.execute(select(Company.id).where(Company.id == connection.company_id).with_for_update())


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


def _unsent_invoices(connection: Connection, is_earlier: bool = False) -> Select[int, int]:
    """Never queued here, and dated since the day that the Owner chose, or generated since the first connection;
    `is_earlier`: before that.
    """
    dated = dated_to_be_sent(connection.preferences.send_from, connection.first_connected_at)
    return (
        select(literal(connection.id), Invoice.id)
        .outerjoin(SyncTask, of_record(SyncTask, connection, RecordKind.INVOICE, Invoice.id))
        .where(
            Invoice.company_id == connection.company_id,
            belongs_there(),
            dated.is_not(True) if is_earlier else dated,
            SyncTask.id.is_(None),
        )
    )
