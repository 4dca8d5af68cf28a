"""Invoices that were never sent: which of them go by themselves, and which when a person says so."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, case, literal, select

from app.invoices.models import Invoice
from app.quickbooks.kinds.records import of_record
from app.quickbooks.models import (
    SYNCABLE,
    Connection,
    Preferences,
    RecordKind,
    SyncTask,
)
from app.quickbooks.outbox import rows
from app.quickbooks.outbox.catching_up import wait_for_saves


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
    wait_for_saves(connection)
    return rows.queue_selected(RecordKind.INVOICE, _unsent_invoices(connection))


def queue_earlier(connection: Connection) -> None:
    """What is older than what `queue_unsent` takes, and was never queued."""
    wait_for_saves(connection)
    never_sent = _unsent_invoices(connection, is_earlier=True)
    rows.queue_selected(RecordKind.INVOICE, never_sent)


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
    wait_for_saves(connection)
    chosen: Select[int, int] = invoices.with_only_columns(literal(connection.id), Invoice.id)
    return rows.queue_selected(RecordKind.INVOICE, chosen)


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
