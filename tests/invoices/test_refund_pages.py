"""Giving money back, in the dialog and on its own page."""

import re
from datetime import date
from decimal import Decimal

import pytest

from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus, PaymentMethod
from app.invoices.payments import PaymentData, record_payment
from tests.invoices import builders
from tests.invoices.test_payment_pages import value_of

S = InvoiceStatus


def typed(**fields: str) -> dict[str, str]:
    return {"amount": "30", "method": "card", "refunded_on": "2026-03-02", "reason": "Wrong part"} | fields


@pytest.fixture
def paid(bakery) -> Invoice:
    """$100.00, all of it paid by bank transfer."""
    invoice = builders.invoice(bakery, status=S.SENT)
    record_payment(invoice, PaymentData(Decimal(100), PaymentMethod.BANK_TRANSFER, date(2026, 3, 2)))
    db.session.commit()
    return invoice


def test_the_form_starts_with_all_there_is_the_way_it_came(owner, paid):
    page = owner.get(f"/invoices/{paid.id}/refunds/new").text
    assert (value_of(page, "amount"), value_of(page, "refunded_on")) == ("100.00", "2026-03-02")
    assert '<option selected value="bank_transfer">' in page


def test_a_part_and_then_the_rest(owner, paid):
    answer = owner.post(f"/invoices/{paid.id}/refunds/new", typed())
    assert (answer.status_code, answer.location) == (303, f"/invoices/{paid.id}")
    page = owner.get(answer.location).text
    for words in ("A refund of $30.00 was recorded for INV-2026-0001.", "-$30.00", "Wrong part", "Card"):
        assert words in page
    assert paid.status is S.PARTIALLY_REFUNDED
    assert value_of(owner.get(f"/invoices/{paid.id}/refunds/new").text, "amount") == "70.00"
    owner.post(f"/invoices/{paid.id}/refunds/new", typed(amount="70"))
    assert paid.status is S.REFUNDED
    asked = owner.get(f"/invoices/{paid.id}/void").text
    assert "$100.00 came in for it and went back. If payments sync, QuickBooks then shows neither" in asked
    assert owner.post(f"/invoices/{paid.id}/void").status_code == 303
    assert paid.status is S.VOID


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("amount", "100.01", "At most $100.00 can be given back."),
        ("amount", "0", "The amount must be more than zero."),
        ("method", "", "Choose how."),
        ("refunded_on", "2026-03-03", "This day is in the future."),
        ("reason", "  ", "Say why."),
        ("reason", "R" * 501, "Use at most 500 characters."),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_is_lost(owner, paid, field, text, problem):
    answer = owner.post(f"/invoices/{paid.id}/refunds/new", typed(**{field: text}))
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-note">([^<]*)', answer.text)[1] == problem
    assert ("Wrong part</textarea>" in answer.text) == (field != "reason")
    assert paid.refunds == []


def test_a_form_that_is_sent_twice_counts_once(owner, paid):
    form = typed(seen=value_of(owner.get(f"/invoices/{paid.id}/refunds/new").text, "seen"))
    answers = [owner.post(f"/invoices/{paid.id}/refunds/new", form).status_code for _ in range(2)]
    assert answers == [303, 422]
    assert len(paid.refunds) == 1


@pytest.mark.parametrize("status", [S.DRAFT, S.SENT, S.OVERDUE, S.REFUNDED, S.VOID, S.DISPUTED])
def test_where_there_is_nothing_to_give_back_it_says_so(owner, bakery, status):
    invoice = builders.invoice(bakery, status=status)
    page = owner.get(f"/invoices/{invoice.id}/refunds/new", follow_redirects=True)
    assert "That step is not open to it" in page.text
