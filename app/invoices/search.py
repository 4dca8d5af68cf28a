"""Finding invoices by their number or their customer's name, and by status."""

from typing import Any

from sqlalchemy import ColumnElement, Index, Select, and_, func, or_, select

from app.customers.models import Customer
from app.customers.search import is_called, words_of
from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus

MANY = 1000  # customers; invoices of more are looked at one by one, because the next match is never far

NUMBER = func.lower(Invoice.number)
NUMBER_BACKWARDS = func.reverse(NUMBER)
for name, column in (("number", NUMBER), ("number_backwards", NUMBER_BACKWARDS)):
    Index(
        f"ix_invoices_{name}",
        Invoice.company_id,
        column.label(name),
        postgresql_ops={name: "text_pattern_ops"},
    )


def matching(query: Select[Any], company_id: int, text: str, status: InvoiceStatus | None) -> Select[Any]:
    """Only invoices that have every word, in any case: the number begins or ends with it, or the customer's name
    has it somewhere.
    """
    if status:
        query = query.where(Invoice.status == status)
    words = words_of(text)
    if not words:
        return query
    by_number = or_(*(_is_numbered(word) for word in words))
    everywhere = (or_(_is_numbered(word), _is_for(word)) for word in words)
    return query.where(or_(_is_for_all(company_id, words), and_(by_number, *everywhere)))


def _is_numbered(word: str) -> ColumnElement[bool]:
    low = word.lower()
    begins = NUMBER.startswith(low, autoescape=True)
    return or_(begins, NUMBER_BACKWARDS.startswith(low[::-1], autoescape=True))


def _is_for(word: str) -> ColumnElement[bool]:
    name = select(Customer.name).where(Customer.id == Invoice.customer_id).scalar_subquery()
    return name.icontains(word, autoescape=True)


def _is_for_all(company_id: int, words: list[str]) -> ColumnElement[bool]:
    """Of a customer whose name has all the words."""
    customers = db.session.scalars(
        select(Customer.id).where(is_called(company_id, words)).limit(MANY + 1)
    ).all()
    if len(customers) <= MANY:
        return Invoice.customer_id.in_(customers)
    return and_(*(_is_for(word) for word in words))
