"""How many invoices are not in QuickBooks, and why: exact, and as quick for a million as for a thousand.

It depends on the invoice, its row of the outbox and its link, which are written by different transactions. So each
transaction only notes which invoices it touched (ChangedInvoice). A chore counts these anew and keeps sums
(invoice_counting.py); a reader takes the sums and counts itself what was noted since. Each sees one moment of the
database: nothing is missed or counted twice, and nobody waits. What counts as what is said in invoice_sums.py.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Row, all_, any_, func, select, true

from app.extensions import db
from app.invoices.models import Invoice
from app.lib.money import ZERO
from app.quickbooks.models import ChangedInvoice, Connection, CountedInvoice, InvoiceCounts
from app.quickbooks.outbox.invoice_sums import COUNTED, NAMES, WAYS, fits, in_bulk, present, sums_of


@dataclass(frozen=True)
class Sum:
    """How many records, and the money of the invoices among them."""

    count: int = 0
    total: Decimal = ZERO


@dataclass(frozen=True)
class Counts:
    """`absent`: not in QuickBooks and not left out. `coming`: on its way there for the first time, or stuck on it.
    `stuck`: needs a person. `unsent` and `earlier`: never queued, as backlog.py says.
    """

    absent: Sum
    coming: Sum
    stuck: Sum
    unsent: Sum
    earlier: Sum


def counts(connection: Connection) -> Counts:
    """At this moment."""
    row = _kept(connection)
    if row is None:  # nothing is kept for this connection and these days yet
        with in_bulk():
            row = db.session.execute(select(*sums_of(present(connection).subquery()))).one()
    return Counts(*(Sum(row[2 * place], row[2 * place + 1]) for place in range(len(WAYS))))


def _kept(connection: Connection) -> Row[Any] | None:
    """The sums, and what was noted since: what it counts for now in place of what it counted for before."""
    ids = any_(_noted(connection))
    before = select(*sums_of(COUNTED)).where(
        CountedInvoice.company_id == connection.company_id, CountedInvoice.invoice_id == ids
    )
    now_ = select(*sums_of(present(connection, Invoice.id == ids).subquery()))
    gone, come = before.subquery(), now_.subquery()
    sums = (getattr(InvoiceCounts, name) - gone.c[name] + come.c[name] for name in NAMES)
    query = select(*sums).select_from(InvoiceCounts).join(gone, true()).join(come, true())
    return db.session.execute(query.where(fits(connection, connection.preferences))).first()


def coming_since(connection: Connection) -> datetime | None:
    """When the oldest invoice that is on its way, or stuck on it, could have been there."""
    since = _coming_since(connection)
    return since and max(since, connection.first_connected_at)


def _coming_since(connection: Connection) -> datetime | None:
    if not _is_kept(connection):
        counted = present(connection).subquery()
        with in_bulk():
            return db.session.scalar(select(func.min(counted.c.generated_at)).where(counted.c.is_coming))
    noted = _noted(connection)
    now_ = present(connection, Invoice.id == any_(noted)).subquery()
    kept = select(func.min(CountedInvoice.generated_at)).where(
        CountedInvoice.company_id == connection.company_id,
        CountedInvoice.is_coming,
        CountedInvoice.invoice_id != all_(noted),
    )
    changed = select(func.min(now_.c.generated_at)).where(now_.c.is_coming)
    return db.session.scalar(select(func.least(kept.scalar_subquery(), changed.scalar_subquery())))


def _is_kept(connection: Connection) -> bool:
    kept = select(InvoiceCounts.company_id).where(fits(connection, connection.preferences))
    return db.session.scalar(kept) is not None


def _noted(connection: Connection) -> ColumnElement[Any]:
    """The ids of what changed since the last count, as an array."""
    noted = select(ChangedInvoice.invoice_id).filter_by(company_id=connection.company_id)
    return func.array(noted.scalar_subquery(), type_=ARRAY(Integer))


def may_be(connection: Connection, way: str) -> ColumnElement[bool]:
    """A condition for a query of its invoices: all that count so, and few others. True where nothing is kept."""
    if not _is_kept(connection):
        return true()
    counted = select(CountedInvoice.invoice_id).where(
        CountedInvoice.company_id == connection.company_id, COUNTED.c[f"is_{way}"]
    )
    noted = select(ChangedInvoice.invoice_id).where(ChangedInvoice.company_id == connection.company_id)
    return Invoice.id.in_(counted.union(noted))
