"""An invoice's page: the document, and the steps it offers."""

from decimal import Decimal

import pytest

from app.extensions import db
from app.invoices.lifecycle import ALLOWED, EDITING, Editing
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


@pytest.mark.parametrize("status", InvoiceStatus)
def test_the_page_offers_the_steps_of_its_status(owner, bakery, status):
    invoice = builders.invoice(bakery, status=status)
    page = owner.get(f"/invoices/{invoice.id}").text
    offers = {
        f'action="/invoices/{invoice.id}/finalise"': S.GENERATED in ALLOWED[status],
        f'action="/invoices/{invoice.id}/send"': S.SENT in ALLOWED[status],
        f'href="/invoices/{invoice.id}/void"': S.VOID in ALLOWED[status],
        f'href="/invoices/{invoice.id}/edit"': EDITING[status] is not Editing.NOTHING,
    }
    assert {offer: offer in page for offer in offers} == offers


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
    page = owner.post(f"/invoices/{invoice.id}/void", follow_redirects=True)
    assert "A paid invoice cannot be voided." in page.text
    assert invoice.status is S.PAID


def test_voiding_asks_first(owner, bakery):
    invoice = builders.invoice(bakery)
    question = owner.get(f"/invoices/{invoice.id}/void").text
    assert "Void INV-2026-0001?" in question
    assert invoice.status is S.DRAFT
    assert "Void INV-2026-0001?" in owner.get(f"/invoices/{invoice.id}").text


def test_voiding_is_not_asked_where_it_is_not_possible(owner, bakery):
    invoice = builders.invoice(bakery, status=S.PAID)
    assert owner.get(f"/invoices/{invoice.id}/void").status_code == 303
