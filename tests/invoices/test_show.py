"""An invoice's page: the document, and the steps it offers."""

import re
from decimal import Decimal

import pytest

from app.extensions import db
from app.invoices.history import note
from app.invoices.models import DiscountKind, InvoiceStatus
from tests.invoices import builders

S = InvoiceStatus


def test_the_document_shows_everything_that_was_agreed(owner, bakery):
    lines = (builders.line("Copper pipe", "12.5", "3.875", "10"), builders.line("Labor <b>", "1", "95"))
    invoice = builders.invoice(
        bakery,
        *lines,
        discount_kind=DiscountKind.PERCENT,
        discount_value=Decimal(5),
        tax_rate=Decimal("8.25"),
        notes="Thank\nyou.",
    )
    invoice.paid_total = Decimal("40")
    db.session.commit()
    page = owner.get(f"/invoices/{invoice.id}").text
    for words in (
        "Harbor Heating",
        "Elm Street Bakery",
        "Mar 2, 2026",
        "Apr 1, 2026",
        "12.5",
        "$3.875",
        "10 %",
        "$43.59",
        "Labor &lt;b&gt;",
        "$138.59",
        "Discount (5 %)",
        "-$6.93",
        "Tax (8.25 %)",
        "$10.86",
        "$142.52",
        "-$40.00",
        "$102.52",
        "Thank\nyou.",
    ):
        assert words in page, words


# What an owner finds on the page of an invoice with the money its status says, the primary step last.
OFFERS = {
    S.DRAFT: ["void", "edit", "finalise"],
    S.GENERATED: ["void", "send", "edit", "email"],
    S.SENT: ["dispute", "email-again", "void", "edit", "payments/new"],
    S.PARTIALLY_PAID: ["refunds/new", "dispute", "email-again", "void", "edit", "payments/new"],
    S.OVERDUE: ["dispute", "email-again", "void", "edit", "payments/new"],
    S.PAID: ["refunds/new", "dispute", "email-again", "void", "edit"],
    S.PARTIALLY_REFUNDED: ["refunds/new", "email-again", "void", "edit"],
    S.REFUNDED: ["email-again", "void"],
    S.DISPUTED: ["dispute/withdraw", "reissue"],
    S.VOID: [],
}


@pytest.mark.parametrize("status", InvoiceStatus)
def test_the_page_offers_the_steps_of_its_status(owner, bakery, status):
    invoice = builders.invoice(bakery, status=status)
    page = owner.get(f"/invoices/{invoice.id}").text
    actions = page[page.index("page-actions") : page.index("</header>")]
    assert re.findall(rf'(?:href|action)="/invoices/{invoice.id}/([^"]+)"', actions) == OFFERS[status]
    assert actions.count("btn-primary") == (status not in (S.PAID, S.PARTIALLY_REFUNDED, S.REFUNDED, S.VOID))


def test_dispatchers_are_offered_nothing(dispatcher, bakery):
    invoice = builders.invoice(bakery, status=S.PAID)
    page = dispatcher.get(f"/invoices/{invoice.id}").text
    assert f'"/invoices/{invoice.id}/' not in page
    assert "take-back" not in page


def test_from_draft_to_sent_to_void(owner, bakery):
    invoice = builders.invoice(bakery)
    for step, status, words in (
        ("finalise", S.GENERATED, "INV-2026-0001 is finalised."),
        ("send", S.SENT, "INV-2026-0001 is marked as sent."),
        ("void", S.VOID, "INV-2026-0001 is void."),
    ):
        response = owner.post(f"/invoices/{invoice.id}/{step}")
        assert (response.status_code, response.location) == (303, f"/invoices/{invoice.id}")
        assert words in owner.get(response.location).text
        db.session.expire_all()
        assert invoice.status is status


def test_a_refused_step_says_why(owner, bakery):
    invoice = builders.invoice(bakery, status=S.PAID)
    page = owner.post(f"/invoices/{invoice.id}/send", follow_redirects=True)
    assert "A paid invoice cannot be marked as sent." in page.text
    assert invoice.status is S.PAID


def test_voiding_asks_first(owner, bakery):
    invoice = builders.invoice(bakery)
    question = owner.get(f"/invoices/{invoice.id}/void").text
    assert "Void INV-2026-0001?" in question
    assert invoice.status is S.DRAFT


def test_what_costs_nothing_is_voided_after_it_was_sent(owner, bakery):
    invoice = builders.invoice(bakery, builders.line(price="0"), status=S.GENERATED)
    owner.post(f"/invoices/{invoice.id}/send")
    db.session.refresh(invoice)
    assert invoice.status is S.PAID
    assert f'href="/invoices/{invoice.id}/void"' in owner.get(f"/invoices/{invoice.id}").text
    assert "cancelled for good" in owner.get(f"/invoices/{invoice.id}/void").text
    assert owner.post(f"/invoices/{invoice.id}/void").status_code == 303
    db.session.refresh(invoice)
    assert invoice.status is S.VOID


@pytest.mark.parametrize("status", [S.PARTIALLY_PAID, S.PAID, S.PARTIALLY_REFUNDED])
def test_money_is_refunded_before_voiding(owner, bakery, status):
    invoice = builders.invoice(bakery, status=status)
    answers = [owner.open(method, f"/invoices/{invoice.id}/void") for method in ("GET", "POST")]
    assert [answer.status_code for answer in answers] == [200, 422]
    for answer in answers:
        assert "Refund it first, then void it." in answer.text
        assert f'href="/invoices/{invoice.id}/refunds/new"' in answer.text
    assert invoice.status is status


@pytest.mark.parametrize("status", [S.VOID, S.DISPUTED])
def test_voiding_is_not_asked_where_it_is_not_possible(owner, bakery, status):
    invoice = builders.invoice(bakery, status=status)
    page = owner.get(f"/invoices/{invoice.id}/void", follow_redirects=True)
    assert f"INV-2026-0001 is {status.label.lower()}. That step is not open to it" in page.text


def test_the_history_says_who_did_what_when(owner, bakery):
    invoice = builders.invoice(bakery)
    owner.post(f"/invoices/{invoice.id}/finalise")
    note(invoice, "became overdue")
    db.session.commit()
    page = owner.get(f"/invoices/{invoice.id}").text
    history = page[page.index("history-title") :]
    assert "<strong>Olivia</strong> finalised the invoice" in history
    assert "Became overdue" in history
    assert history.index("Became overdue") < history.index("finalised the invoice")
    assert "Mar 2, 2026, 7:00 AM" in history  # noon in London is morning in New York


def test_a_long_history_is_folded(owner, bakery):
    invoice = builders.invoice(bakery)
    for number in range(10):
        note(invoice, f"did thing {number}")
    db.session.commit()
    page = owner.get(f"/invoices/{invoice.id}").text
    assert "Did thing 4" in page.split("<details")[0]
    assert "Did thing 3" in page.split("<details")[1]
