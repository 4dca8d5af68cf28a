"""Customers and invoices of the tests, made the way the rooms make them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from blinker import Signal

from app.accounts.models import Company
from app.customers.models import Customer
from app.customers.records import CustomerData, create_customer
from app.extensions import db
from app.invoices import lifecycle
from app.invoices.events import invoices_changed
from app.invoices.models import Invoice, InvoiceStatus, Payment, PaymentMethod, Refund
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
    """A draft, finalised and then put in any later status, with the money that fits it."""
    made = create_draft(of.company, data(of, *lines, **fields))
    if status is not InvoiceStatus.DRAFT:
        lifecycle.finalise(made)
        made.status = status
        paid, refunded = SHARES.get(status, (0, 0))
        receive(made, made.total * paid / 4)
        give_back(made, made.total * refunded / 4)
    db.session.commit()
    return made


def receive(invoice: Invoice, amount: Decimal) -> None:
    """Whatever its status."""
    if amount:
        money = {"amount": amount, "method": PaymentMethod.CHECK}
        invoice.payments.append(Payment(company_id=invoice.company_id, received_on=ISSUED, **money))
        invoice.paid_total += amount


def give_back(invoice: Invoice, amount: Decimal) -> None:
    """Whatever its status."""
    if amount:
        money = {"amount": amount, "method": PaymentMethod.CHECK, "reason": "Wrong part"}
        invoice.refunds.append(Refund(company_id=invoice.company_id, refunded_on=ISSUED, **money))
        invoice.refunded_total += amount


@contextmanager
def announcements() -> Iterator[list[tuple[int, list[int]]]]:
    """What invoices_changed says meanwhile: company id and invoice ids."""
    heard: list[tuple[int, list[int]]] = []

    def listen(company_id: int, ids: list[int]) -> None:
        heard.append((company_id, list(ids)))

    with invoices_changed.connected_to(listen):
        yield heard


@contextmanager
def heard_from(*signals: Signal) -> Iterator[list[tuple[Signal, list[int]]]]:
    """What these say meanwhile, in their order: the signal and its ids."""
    heard: list[tuple[Signal, list[int]]] = []
    with ExitStack() as listening:
        for signal in signals:
            listen = partial(_note, heard, signal)
            listening.enter_context(signal.connected_to(listen))
        yield heard


def _note(heard: list[tuple[Signal, list[int]]], signal: Signal, company_id: int, ids: list[int]) -> None:
    heard.append((signal, list(ids)))
