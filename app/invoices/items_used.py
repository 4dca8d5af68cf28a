"""The items that a company sells."""

from sqlalchemy import func, select

from app.extensions import db
from app.invoices.models import Invoice, InvoiceLine

LOOKED_AT = 200  # newest invoices


def items_used(company_id: int, limit: int = 100) -> list[str]:
    """The names on the newest invoices, the most frequent first; of spellings in other case, the usual one."""
    newest = (
        select(Invoice.id)
        .where(Invoice.company_id == company_id)
        .order_by(Invoice.issue_date.desc(), Invoice.id.desc())
        .limit(LOOKED_AT)
    )
    key = func.lower(InvoiceLine.item)
    usual = func.mode().within_group(InvoiceLine.item)
    query = select(usual).where(InvoiceLine.invoice_id.in_(newest)).group_by(key)
    return list(db.session.scalars(query.order_by(func.count().desc(), key).limit(limit)))
