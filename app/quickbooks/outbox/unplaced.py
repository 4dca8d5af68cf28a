"""Taxed invoices that are in QuickBooks without the place where the work was done, from before it was sent."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import array

from app.extensions import db
from app.invoices.models import PLACE_COLUMNS, Invoice, InvoiceStatus
from app.lib.money import ZERO
from app.quickbooks.account.company import facts_of
from app.quickbooks.kinds.records import of_record
from app.quickbooks.models import SYNCABLE, Connection, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.outbox import rows

ADDRESS = RemoteLink.snapshot["seen"]["ShipAddr"]
TELLING = ("Line1", "City", "CountrySubDivisionCode", "PostalCode")


@dataclass(frozen=True)
class Unplaced:
    """How many, and their sum; of how many we know the place."""

    count: int = 0
    total: Decimal = ZERO
    known: int = 0


def unplaced(connection: Connection) -> Unplaced:
    """Nothing where QuickBooks does not work out tax by place, or while invoices do not sync."""
    if not facts_of(connection).automated_sales_tax or not connection.preferences.sync_invoices:
        return Unplaced()
    query = (
        select(func.count(), func.sum(Invoice.counted_total), func.count().filter(_has_place()))
        .select_from(Invoice)
        .join(RemoteLink, of_record(RemoteLink, connection, RecordKind.INVOICE, Invoice.id))
        .join(SyncTask, of_record(SyncTask, connection, RecordKind.INVOICE, Invoice.id))
        .where(_is_unplaced(connection))
    )
    count, total, known = db.session.execute(query).one()
    return Unplaced(count, total or ZERO, known)


def queue_unplaced(connection: Connection) -> int:
    """Send those again whose place we know, as if we had never said anything of it: what somebody has written
    there meanwhile is asked about. How many. The caller commits.
    """
    placed = (
        select(Invoice.id)
        .join(SyncTask, of_record(SyncTask, connection, RecordKind.INVOICE, Invoice.id))
        .join(RemoteLink, of_record(RemoteLink, connection, RecordKind.INVOICE, Invoice.id))
        .where(_is_unplaced(connection), _has_place())
    )
    forgotten = (
        update(RemoteLink)
        .where(
            RemoteLink.connection_id == connection.id,
            RemoteLink.kind == RecordKind.INVOICE,
            RemoteLink.record_id.in_(placed),
        )
        .values(snapshot=RemoteLink.snapshot.op("#-")(array(["sent", "ShipAddr"])))
        .returning(RemoteLink.record_id)
        .execution_options(synchronize_session=False)
    )
    ids = list(db.session.scalars(forgotten))
    rows.queue(connection.id, RecordKind.INVOICE, ids)
    return len(ids)


def _is_unplaced(connection: Connection) -> ColumnElement[bool]:
    """It was read since addresses are kept, and has none; nothing of it waits already."""
    says_nothing = [func.coalesce(ADDRESS[part].astext, "") == "" for part in TELLING]
    return and_(
        Invoice.company_id == connection.company_id,
        Invoice.tax_total > 0,
        Invoice.status.in_(SYNCABLE),
        Invoice.status != InvoiceStatus.VOID,
        SyncTask.state == TaskState.SYNCED,
        RemoteLink.snapshot.has_key("seen"),
        func.coalesce(RemoteLink.snapshot["over"].astext, "false") == literal("false"),
        *says_nothing,
    )


def _has_place() -> ColumnElement[bool]:
    return or_(*(column != "" for name, column in PLACE_COLUMNS.items() if name not in ("label", "country")))
