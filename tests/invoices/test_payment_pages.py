"""Recording a payment and taking it back, in the dialog and on its own page."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus, Payment, PaymentMethod
from app.invoices.payments import PaymentData, record_payment, take_back
from app.invoices.refunds import RefundData, record_refund
from tests.invoices import builders

S = InvoiceStatus
TODAY = date(2026, 3, 2)


def typed(**fields: str) -> dict[str, str]:
    return {"amount": "40.00", "method": "check", "received_on": "2026-03-02", "reference": "1042"} | fields


@pytest.fixture
def sent(bakery) -> Invoice:
    """$100.00, due in a month."""
    return builders.invoice(bakery, status=S.SENT)


def paid(invoice: Invoice, amount: str) -> Payment:
    payment = record_payment(invoice, PaymentData(Decimal(amount), PaymentMethod.CHECK, TODAY, "1042"))
    db.session.commit()
    return payment


def value_of(page: str, field: str) -> str:
    return re.search(rf'<input[^>]* id="{field}"[^>]* value="([^"]*)"', page)[1]


def test_the_form_starts_with_the_balance_and_today(owner, clock, sent):
    paid(sent, "25.50")
    clock.advance(hours=14)  # still the evening of the 2nd in New York
    page = owner.get(f"/invoices/{sent.id}/payments/new").text
    assert value_of(page, "amount") == "74.50"
    assert value_of(page, "received_on") == "2026-03-02"
    assert "Elm Street Bakery" in page


def test_a_part_and_then_the_rest(owner, sent):
    answer = owner.post(f"/invoices/{sent.id}/payments/new", typed())
    assert (answer.status_code, answer.location) == (303, f"/invoices/{sent.id}")
    page = owner.get(answer.location).text
    assert "A payment of $40.00 was recorded for INV-2026-0001. $60.00 is left to pay." in page
    assert "<strong>Olivia</strong> recorded a payment of $40.00 (check)" in page
    (payment,) = sent.payments
    assert (payment.method, payment.received_on, payment.reference) == (PaymentMethod.CHECK, TODAY, "1042")
    assert sent.status is S.PARTIALLY_PAID
    answer = owner.post(f"/invoices/{sent.id}/payments/new", typed(amount="60"))
    assert "It is paid in full." in owner.get(answer.location).text
    assert sent.status is S.PAID


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("amount", "100.01", "The balance is $100.00; a payment cannot be more."),
        ("amount", "0", "The amount must be more than zero."),
        ("amount", "-5", "The amount must be more than zero."),
        ("amount", "1.005", "Use at most 2 decimals."),
        ("amount", "lots", "This is not a number."),
        ("amount", "", "Enter a number."),
        ("method", "", "Choose how."),
        ("method", "barter", "Choose how."),
        ("received_on", "2026-03-03", "This day is in the future."),
        ("received_on", "", "Enter a day."),
        ("received_on", "soon", "This is not a day."),
        ("reference", "R" * 22, "Use at most 21 characters."),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_is_lost(owner, sent, field, text, problem):
    answer = owner.post(f"/invoices/{sent.id}/payments/new", typed(**{field: text}))
    assert answer.status_code == 422
    assert problem in re.search(rf'id="{field}-note">([^<]*)', answer.text)[1]
    kept = typed(**{field: text})
    assert [value_of(answer.text, name) for name in ("amount", "received_on", "reference")] == [
        kept["amount"],
        kept["received_on"],
        kept["reference"],
    ]
    assert ('<option selected value="check">' in answer.text) == (field != "method")
    assert sent.payments == []


def test_a_form_that_is_sent_twice_counts_once(owner, sent):
    page = owner.get(f"/invoices/{sent.id}/payments/new").text
    form = typed(seen=value_of(page, "seen"))
    assert owner.post(f"/invoices/{sent.id}/payments/new", form).status_code == 303
    again = owner.post(f"/invoices/{sent.id}/payments/new", form)
    assert again.status_code == 422
    assert "Money was recorded on this invoice since you opened this form." in again.text
    assert len(sent.payments) == 1
    knowingly = typed(seen=value_of(again.text, "seen"))
    assert owner.post(f"/invoices/{sent.id}/payments/new", knowingly).status_code == 303
    assert len(sent.payments) == 2


@pytest.mark.parametrize("status", [S.DRAFT, S.GENERATED, S.PAID, S.VOID, S.REFUNDED, S.DISPUTED])
def test_an_invoice_that_takes_no_payment_says_so(owner, bakery, status):
    invoice = builders.invoice(bakery, status=status)
    for method in ("GET", "POST"):
        page = owner.open(method, f"/invoices/{invoice.id}/payments/new", data=typed(), follow_redirects=True)
        assert "That step is not open to it" in page.text
    assert invoice.status is status


def test_the_dialog_gets_the_form_alone(owner, sent):
    address = f"/invoices/{sent.id}/payments/new"
    form = owner.htmx("GET", address).text
    assert form.lstrip().startswith("<section")
    assert f'hx-post="{address}"' in form
    refused = owner.htmx("POST", address, data=typed(amount="x"))
    assert (refused.status_code, refused.text.lstrip()[:8]) == (422, "<section")
    assert owner.htmx("POST", address, data=typed()).headers["HX-Redirect"] == f"/invoices/{sent.id}"


def test_a_payment_is_taken_back_after_a_question(owner, sent):
    payment = paid(sent, "100")
    assert f"/invoices/payments/{payment.id}/take-back" in owner.get(f"/invoices/{sent.id}").text
    question = owner.get(f"/invoices/payments/{payment.id}/take-back").text
    assert "$100.00 by check, received on Mar 2, 2026, reference 1042." in question
    assert sent.status is S.PAID
    answer = owner.post(f"/invoices/payments/{payment.id}/take-back")
    page = owner.get(answer.location).text
    assert "The payment of $100.00 was taken back." in page
    assert "taken back</span>" in page
    assert "take-back" not in page.split("</thead>")[-1]
    assert (sent.status, sent.balance) == (S.SENT, 100)


def offered_take_back(owner: Any, invoice: Invoice, payment: Payment) -> bool:
    answer = owner.get(f"/invoices/payments/{payment.id}/take-back", follow_redirects=True)
    assert ("That step is not open to it" in answer.text) == ("Take back this payment?" not in answer.text)
    offered = f"/payments/{payment.id}/take-back" in owner.get(f"/invoices/{invoice.id}").text
    assert offered == ("Take back this payment?" in answer.text)
    return offered


def test_what_was_taken_back_stays_so(owner, sent):
    payment = paid(sent, "100")
    assert offered_take_back(owner, sent, payment)
    take_back(payment)
    db.session.commit()
    assert not offered_take_back(owner, sent, payment)


def test_after_a_refund_payments_stay(owner, sent):
    payment = paid(sent, "100")
    record_refund(sent, RefundData(Decimal(1), PaymentMethod.CASH, TODAY, "Goodwill"))
    db.session.commit()
    assert not offered_take_back(owner, sent, payment)
