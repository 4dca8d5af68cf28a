"""Send invoices that were never sent; send the places of those that went without one."""

from sqlalchemy import Select

from app.activity.models import ActivityKind
from app.activity.recording import record
from app.invoices.models import Invoice
from app.quickbooks.models import Connection
from app.quickbooks.outbox import backlog, unplaced


def send_unsent(connection: Connection) -> None:
    """What was generated while nothing synced, or is dated since the Owner's day. The caller commits."""
    if backlog.queue_unsent(connection):
        record(ActivityKind.SYNC, "queued the invoices that were never sent", connection.company_id)


def send_earlier(connection: Connection) -> None:
    """What is from before the connection, or before the day that was chosen. The caller commits."""
    backlog.queue_earlier(connection)
    record(ActivityKind.SYNC, "queued the earlier invoices that were never sent", connection.company_id)


def send_places(connection: Connection) -> int:
    """Taxed invoices that QuickBooks has without the place of work; returns how many. The caller commits."""
    count = unplaced.queue_unplaced(connection)
    record(
        ActivityKind.SYNC,
        "sent the places of invoices that are in QuickBooks without one",
        connection.company_id,
    )
    return count


def send_never_sent(connection: Connection, invoices: Select[Invoice]) -> int:
    """Some of those that were never sent; returns how many. The caller commits."""
    count = backlog.queue_chosen(connection, invoices)
    record(ActivityKind.SYNC, f"chose {count:,} of the invoices that were never sent", connection.company_id)
    return count
