"""Finding invoices by their number or their customer's name, and by status."""

from typing import Any

from sqlalchemy import Select, or_, select

from app.customers.models import Customer
from app.customers.search import LONGEST_SEARCH
from app.invoices.models import Invoice, InvoiceStatus


def matching(query: Select[Any], company_id: int, words: str, status: InvoiceStatus | None) -> Select[Any]:
    """Only invoices in whose number or customer every word is found, in any case."""
    if status:
        query = query.where(Invoice.status == status)
    for word in words[:LONGEST_SEARCH].split():
        customers = select(Customer.id).where(
            Customer.company_id == company_id, Customer.name.icontains(word, autoescape=True)
        )
        query = query.where(
            or_(Invoice.number.icontains(word, autoescape=True), Invoice.customer_id.in_(customers))
        )
    return query
