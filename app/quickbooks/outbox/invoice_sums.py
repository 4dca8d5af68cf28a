"""Which invoices count as absent from QuickBooks, and why; and the sums over them. The readers of the numbers
(invoice_counts.py) and the chore that keeps them (invoice_counting.py) share it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, false, func, select, text

from app.extensions import db
from app.invoices.models import Invoice
from app.lib.money import ZERO
from app.quickbooks.kinds.records import of_record
from app.quickbooks.models import (
    Connection,
    CountedInvoice,
    InvoiceCounts,
    Preferences,
    RecordKind,
    RemoteLink,
    SyncTask,
    TaskState,
)
from app.quickbooks.outbox.backlog import belongs_there, dated_to_be_sent
from app.quickbooks.outbox.states import IN_PROGRESS, NEEDS_SOMEBODY

WAYS = ("absent", "coming", "stuck", "unsent", "earlier")
NAMES = tuple(name for way in WAYS for name in (way, f"{way}_total"))  # of the columns of sums, in this order
COUNTED = CountedInvoice.__table__
RULES = 3  # one more whenever `present` counts otherwise: then all companies are counted anew
ON_ITS_WAY = (*IN_PROGRESS, TaskState.BACKOFF, TaskState.ERROR)


def present(connection: Connection, *where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """How each invoice counts now, in the columns of CountedInvoice."""
    syncs = belongs_there()
    never = and_(syncs, SyncTask.id.is_(None))
    is_new = RemoteLink.id.is_(None)
    dated = func.coalesce(
        dated_to_be_sent(connection.preferences.send_from, connection.first_connected_at), false()
    )
    return (
        select(
            Invoice.company_id,
            Invoice.id.label("invoice_id"),
            Invoice.counted_total.label("total"),
            Invoice.generated_at,
            and_(syncs, is_new, SyncTask.state.is_distinct_from(TaskState.SKIPPED)).label("is_absent"),
            and_(is_new, SyncTask.id.is_not(None), SyncTask.state.in_(ON_ITS_WAY)).label("is_coming"),
            and_(SyncTask.id.is_not(None), NEEDS_SOMEBODY).label("is_stuck"),
            and_(never, dated).label("is_unsent"),
            and_(never, ~dated).label("is_earlier"),
        )
        .outerjoin(RemoteLink, of_record(RemoteLink, connection, RecordKind.INVOICE, Invoice.id))
        .outerjoin(SyncTask, of_record(SyncTask, connection, RecordKind.INVOICE, Invoice.id))
        .where(Invoice.company_id == connection.company_id, *where)
    )


def sums_of(counted: FromClause) -> list[ColumnElement[Any]]:
    """Over rows with the columns of CountedInvoice, named as in InvoiceCounts."""
    columns: list[ColumnElement[Any]] = []
    for way in WAYS:
        is_so = counted.c[f"is_{way}"]
        total = func.coalesce(func.sum(counted.c.total).filter(is_so), ZERO)
        columns += (func.count().filter(is_so).label(way), total.label(f"{way}_total"))
    return columns


def fits(
    connection: Connection | type[Connection], chosen: Preferences | type[Preferences]
) -> ColumnElement[bool]:
    """The kept sums are about this connection and its days, by the present rules."""
    return and_(
        InvoiceCounts.company_id == connection.company_id,
        InvoiceCounts.connection_id == connection.id,
        InvoiceCounts.send_from.is_not_distinct_from(chosen.send_from),
        InvoiceCounts.first_connected_at == connection.first_connected_at,
        InvoiceCounts.rules == RULES,
    )


@contextmanager
def in_bulk() -> Iterator[None]:
    """For statements that read most invoices: each table once, whatever PostgreSQL believes of its size.

    Right after a large import it may think that there are few, and go through all rows for each invoice.
    """
    db.session.execute(text("SET LOCAL enable_nestloop = off"))
    yield
    db.session.execute(text("SET LOCAL enable_nestloop = on"))
