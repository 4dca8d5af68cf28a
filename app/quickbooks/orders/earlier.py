"""Send, or link, invoices of before QuickBooks was connected."""

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
from app.quickbooks.outbox import backlog


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
