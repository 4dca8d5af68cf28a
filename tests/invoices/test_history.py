"""Who did what to an invoice: every step notes itself, in words and in the company's own currency."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.accounts.models import Currency, User
from app.extensions import db
from app.invoices.disputes import MoneyReceived, dispute, reissue, withdraw
from app.invoices.lifecycle import finalise, mark_sent
from app.invoices.models import Invoice, PaymentMethod
from app.invoices.payments import PaymentData, record_payment, take_back
from app.invoices.records import InvoiceData, create_draft, create_imported, update_invoice
from app.invoices.refunds import RefundData, record_refund
from tests.activity.events import changes_of, events_of
from tests.invoices import builders

TODAY = date(2026, 3, 2)


@pytest.fixture
def olivia(owner) -> User:
    owner.company.currency = Currency.EUR
    return db.session.get_one(User, owner.user_id)


def words(invoice: Invoice) -> list[str]:
    return [event.text for event in events_of(invoice)]


def check(amount: str) -> PaymentData:
    return PaymentData(Decimal(amount), PaymentMethod.CHECK, TODAY)


def test_from_draft_to_reissued(olivia, bakery):
    invoice = create_draft(bakery.company, builders.data(bakery), by=olivia)
    update_invoice(invoice, builders.data(bakery, builders.line(price="80")), by=olivia)
    finalise(invoice, by=olivia)
    mark_sent(invoice, by=olivia)
    take_back(record_payment(invoice, check("30"), by=olivia), by=olivia)
    record_payment(invoice, check("80"), by=olivia)
    dispute(invoice, "No heat", by=olivia)
    withdraw(invoice, by=olivia)
    dispute(invoice, "Still no heat", by=olivia)
    copy = reissue(invoice, InvoiceData.of(invoice), MoneyReceived.MOVE, by=olivia)
    db.session.commit()
    assert words(invoice) == [
        "created the invoice",
        "changed the lines",
        "finalised the invoice",
        "marked it as sent",
        "recorded a payment of €30.00 (check)",
        "took back the payment of €30.00",
        "recorded a payment of €80.00 (check)",
        "noted a dispute: No heat",
        "withdrew the dispute",
        "noted a dispute: Still no heat",
        f"voided it and reissued it as {copy.number}",
    ]
    assert words(copy) == [
        "created the invoice",
        f"reissued it in place of {invoice.number}",
        "finalised the invoice",
        f"moved €80.00 here from {invoice.number}",
        "counted it as sent, because money is on it",
    ]
    assert {event.user_id for event in (*events_of(invoice), *events_of(copy))} == {olivia.id}


def test_a_refund_says_how_much_and_why(olivia, bakery):
    invoice = builders.invoice(bakery)
    finalise(invoice)
    mark_sent(invoice)
    record_payment(invoice, check("40"))
    record_refund(invoice, RefundData(Decimal("15.5"), PaymentMethod.CASH, TODAY, "Wrong part"), by=olivia)
    db.session.commit()
    event = events_of(invoice)[-1]
    assert (event.text, event.user) == ("gave back €15.50: Wrong part", olivia)


@pytest.mark.parametrize(
    ("fields", "text", "changes"),
    [
        ({"notes": "Ring twice"}, "changed the notes", []),
        (
            {"due_date": date(2026, 5, 1), "notes": "Ring twice", "issue_date": date(2026, 3, 1)},
            "changed the issue date, the due date and the notes",
            ["Issue date: Mar 2, 2026 → Mar 1, 2026", "Due date: Apr 1, 2026 → May 1, 2026"],
        ),
        (
            {"tax_rate": Decimal(10), "notes": "Ring twice"},
            "changed the tax rate and the notes",
            ["Total: $100.00 → $110.00", "Tax rate %: 0 → 10"],
        ),
    ],
)
def test_an_edit_says_what_it_changed(bakery, fields, text, changes):
    invoice = builders.invoice(bakery)
    update_invoice(invoice, replace(InvoiceData.of(invoice), **fields))
    db.session.commit()
    assert words(invoice)[-1] == text
    assert changes_of(events_of(invoice)[-1]) == changes


def test_an_edit_that_changes_nothing_is_no_step(bakery):
    invoice = builders.invoice(bakery)
    update_invoice(invoice, InvoiceData.of(invoice))
    db.session.commit()
    assert words(invoice) == ["created the invoice"]


def test_a_file_has_no_name(bakery):
    (invoice,) = create_imported(bakery.company, [("OLD-1", builders.data(bakery))])
    db.session.commit()
    assert [(event.text, event.user) for event in events_of(invoice)] == [("imported it from a file", None)]
