"""The items that a company sells."""

from sqlalchemy import func, select

from app.extensions import db
from app.invoices.models import Invoice, InvoiceLine

LOOKED_AT = 1000  # newest lines


def items_used(company_id: int, limit: int = 100) -> list[str]:
    """The names on the newest lines, the most frequent first."""
    newest = (
        select(InvoiceLine.item)
        .join(Invoice)
        .where(Invoice.company_id == company_id)
        .order_by(Invoice.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    query = select(newest.c.item).group_by(newest.c.item).order_by(func.count().desc(), newest.c.item)
    return list(db.session.scalars(query.limit(limit)))
