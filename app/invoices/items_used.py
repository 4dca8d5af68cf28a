"""The items that a company sells."""

from sqlalchemy import func, select

from app.extensions import db
from app.invoices.models import Invoice, InvoiceLine

LOOKED_AT = 200  # newest invoices


def items_used(company_id: int, limit: int = 100) -> list[str]:
    """The names on the newest invoices, the most frequent first."""
    newest = (
        select(Invoice.id)
        .where(Invoice.company_id == company_id)
        .order_by(Invoice.issue_date.desc(), Invoice.id.desc())
        .limit(LOOKED_AT)
    )
    query = select(InvoiceLine.item).where(InvoiceLine.invoice_id.in_(newest)).group_by(InvoiceLine.item)
    return list(db.session.scalars(query.order_by(func.count().desc(), InvoiceLine.item).limit(limit)))
