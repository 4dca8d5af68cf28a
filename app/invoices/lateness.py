"""Who still owes money, and since when it is late: by the day where the company works."""

from datetime import date

from sqlalchemy import ColumnElement, and_, case

from app.invoices.models import Invoice, InvoiceStatus

_S = InvoiceStatus

# Finalised, and money may be missing; drafts and void invoices are owed by nobody. Of a refunded one the part that
# was never paid is still owed. Migration 0054 has the same list.
OWED = (
    _S.GENERATED,
    _S.SENT,
    _S.PARTIALLY_PAID,
    _S.PARTIALLY_REFUNDED,
    _S.REFUNDED,
    _S.OVERDUE,
    _S.DISPUTED,
)
MAY_BE_LATE = tuple(status for status in OWED if status is not _S.DISPUTED)

BALANCE = Invoice.total - Invoice.paid_total  # of one that is owed
SHOWN_BALANCE = case((Invoice.status.in_((_S.DRAFT, _S.VOID)), 0), else_=BALANCE)  # Invoice.shown_balance


def is_open() -> ColumnElement[bool]:
    return and_(Invoice.status.in_(OWED), Invoice.total > Invoice.paid_total)


def is_late(today: date) -> ColumnElement[bool]:
    """Also a generated one that was never sent, whose status the clock leaves alone."""
    return and_(Invoice.status.in_(MAY_BE_LATE), Invoice.total > Invoice.paid_total, Invoice.due_date < today)


def days_late(invoice: Invoice, today: date) -> int:
    """0 when it is not late, or nothing is owed."""
    if invoice.status not in MAY_BE_LATE or invoice.balance <= 0:
        return 0
    return max(0, (today - invoice.due_date).days)
