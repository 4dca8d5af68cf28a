"""Send, or link, invoices that were never sent; send the places of those that went without one."""

from collections.abc import Sequence

from sqlalchemy import Select

from app.activity.models import Kind
from app.activity.recording import record
from app.invoices.models import Invoice
from app.quickbooks.lane import earlier
from app.quickbooks.models import (
    Connection,
    FoundInvoice,
    FoundState,
    RecordKind,
)
from app.quickbooks.orders.records import note
from app.quickbooks.outbox import backlog, unplaced


def send_unsent(connection: Connection) -> None:
    """What was generated while nothing synced, or is dated since the Owner's day. The caller commits."""
    if backlog.queue_unsent(connection):
        record(Kind.SYNC, "queued the invoices that were never sent", connection.company_id)


def send_earlier(connection: Connection) -> None:
    """What is from before the connection, or before the day that was chosen. The caller commits."""
    backlog.queue_earlier(connection)
    record(Kind.SYNC, "queued the earlier invoices that were never sent", connection.company_id)


def send_places(connection: Connection) -> int:
    """Taxed invoices that QuickBooks has without the place of work; returns how many. The caller commits."""
    count = unplaced.queue_unplaced(connection)
    record(Kind.SYNC, "sent the places of invoices that are in QuickBooks without one", connection.company_id)
    return count


def send_never_sent(connection: Connection, invoices: Select[Invoice]) -> int:
    """Some of those that were never sent; returns how many. The caller commits."""
    count = backlog.queue_chosen(connection, invoices)
    record(Kind.SYNC, f"chose {count:,} of the invoices that were never sent", connection.company_id)
    return count


def link_found(connection: Connection, found: Sequence[FoundInvoice], by: str) -> int:
    """They are in QuickBooks already: linked, not sent; returns how many. The caller commits."""
    count = earlier.link(connection, found, by)
    record(Kind.SYNC, f"linked {count:,} earlier invoices with those in QuickBooks", connection.company_id)
    return count


def set_found_apart(connection: Connection, found: FoundInvoice) -> None:
    """The two are not the same; what was linked is linked no more. The caller commits. Raises ValueError."""
    if found.state is FoundState.LINKED:
        earlier.unlink(connection, found)
    found.state = FoundState.ANOTHER
    note(connection, RecordKind.INVOICE, found.invoice_id, "said that QuickBooks has another invoice")
