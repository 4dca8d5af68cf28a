"""Customers and invoices of the tests, made the way the rooms make them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from app.accounts.models import Company
from app.customers.models import Customer
from app.customers.records import CustomerData, create_customer
from app.extensions import db
from app.invoices import lifecycle
from app.invoices.events import invoices_changed
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.records import InvoiceData, LineData, create_draft

ISSUED = date(2026, 3, 2)

# Quarters of the total that came in and went back.
SHARES = {
    InvoiceStatus.PARTIALLY_PAID: (2, 0),
    InvoiceStatus.PAID: (4, 0),
    InvoiceStatus.PARTIALLY_REFUNDED: (4, 1),
    InvoiceStatus.REFUNDED: (4, 4),
}


def customer(company: Company, name: str = "Elm Street Bakery", **fields: Any) -> Customer:
    made = create_customer(company, CustomerData(name=name, **fields))
    db.session.commit()
    return made


def line(item: str = "Labor", quantity: str = "1", price: str = "100", discount: str = "0") -> LineData:
    return LineData(item, Decimal(quantity), Decimal(price), Decimal(discount))


def data(of: Customer, *lines: LineData, **fields: Any) -> InvoiceData:
    defaults = {"issue_date": ISSUED, "due_date": date(2026, 4, 1)}
    return InvoiceData(customer_id=of.id, lines=list(lines or [line()]), **{**defaults, **fields})


def invoice(
    of: Customer, *lines: LineData, status: InvoiceStatus = InvoiceStatus.DRAFT, **fields: Any
) -> Invoice:
    """A draft, finalised and then put in any later status, with sums of money that fit it."""
    made = create_draft(of.company, data(of, *lines, **fields))
    if status is not InvoiceStatus.DRAFT:
        lifecycle.finalise(made)
        made.status = status
        paid, refunded = SHARES.get(status, (0, 0))
        made.paid_total, made.refunded_total = made.total * paid / 4, made.total * refunded / 4
    db.session.commit()
    return made


@contextmanager
def announcements() -> Iterator[list[tuple[int, list[int]]]]:
    """What invoices_changed says meanwhile: company id and invoice ids."""
    heard: list[tuple[int, list[int]]] = []

    def listen(company_id: int, ids: list[int]) -> None:
        heard.append((company_id, list(ids)))

    with invoices_changed.connected_to(listen):
        yield heard
