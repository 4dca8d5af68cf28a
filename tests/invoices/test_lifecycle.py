"""Who may become what: the table of the domain, step by step."""

from datetime import date
from decimal import Decimal

import pytest

from app.extensions import db, now
from app.invoices import lifecycle
from app.invoices.lifecycle import NotAllowed
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.records import create_draft
from app.invoices.statuses import ALLOWED, EDITING
from tests.invoices import builders

S = InvoiceStatus

# The domain's table read the other way round; what stands beyond it is explained at ALLOWED.
COMES_FROM = {
    S.GENERATED: {S.DRAFT},
    S.SENT: {S.GENERATED},
    S.PARTIALLY_PAID: {S.SENT, S.OVERDUE},
    S.PAID: {S.SENT, S.PARTIALLY_PAID, S.OVERDUE},
    S.OVERDUE: {S.SENT, S.PARTIALLY_PAID},
    S.VOID: {S.DRAFT, S.GENERATED, S.SENT, S.OVERDUE, S.PAID, S.REFUNDED, S.DISPUTED},
    S.REFUNDED: {S.PAID, S.PARTIALLY_PAID, S.OVERDUE, S.PARTIALLY_REFUNDED},
    S.PARTIALLY_REFUNDED: {S.PAID, S.PARTIALLY_PAID, S.OVERDUE},
    S.DISPUTED: {S.SENT, S.PARTIALLY_PAID, S.OVERDUE, S.PAID},
}


def test_the_moves_are_those_of_the_domain():
    moves = {(here, there) for here, nexts in ALLOWED.items() for there in nexts}
    assert moves == {(here, there) for there, sources in COMES_FROM.items() for here in sources}
    assert set(ALLOWED) == set(EDITING) == set(InvoiceStatus)


def test_a_move_beyond_the_tables_is_our_mistake(bakery):
    invoice = builders.invoice(bakery)
    with pytest.raises(ValueError, match="never goes from draft to paid"):
        lifecycle.enter(invoice, S.PAID)


@pytest.mark.parametrize(
    ("price", "due", "status"),
    [
        ("100", date(2026, 3, 2), S.SENT),
        ("100", date(2026, 3, 1), S.OVERDUE),
        ("0", date(2026, 3, 1), S.PAID),
    ],
)
def test_sent_late_or_for_nothing(bakery, price, due, status):
    invoice = builders.invoice(bakery, builders.line(price=price), status=S.GENERATED, due_date=due)
    with builders.announcements() as heard:
        lifecycle.mark_sent(invoice)
    assert invoice.status is status
    assert heard == [(bakery.company_id, [invoice.id])]


def test_finalising_remembers_when(bakery):
    invoice = builders.invoice(bakery)
    assert invoice.generated_at is None
    lifecycle.finalise(invoice)
    assert invoice.generated_at == now()


def test_who_became_exempt_is_not_billed_tax(owner, bakery):
    draft = builders.invoice(bakery, tax_rate=Decimal("5.5"))
    bakery.tax_exempt = True
    db.session.commit()
    page = owner.post(f"/invoices/{draft.id}/finalise", follow_redirects=True).text
    assert "Elm Street Bakery is tax-exempt now." in page
    db.session.refresh(draft)
    assert draft.status is S.DRAFT


def test_an_invoice_without_lines_is_not_finalised(owner, bakery):
    empty = builders.data(bakery)
    empty.lines = []
    invoice = create_draft(owner.company, empty)
    with pytest.raises(NotAllowed, match="at least one line"):
        lifecycle.finalise(invoice)


@pytest.mark.parametrize("status", [S.GENERATED, S.SENT, S.OVERDUE, S.PAID])
def test_an_invoice_with_money_on_it_is_not_voided(bakery, status):
    invoice = builders.invoice(bakery, status=status)
    invoice.paid_total = 5
    with pytest.raises(NotAllowed, match="Refund it first"):
        lifecycle.void(invoice)
    assert invoice.status is status


def test_a_step_looks_at_the_present_not_at_what_was_read_before(app, bakery):
    invoice_id = builders.invoice(bakery).id
    stale = db.session.get_one(Invoice, invoice_id)
    with app.app_context():
        lifecycle.void(db.session.get_one(Invoice, invoice_id))
        db.session.commit()
    assert stale.status is S.DRAFT
    with pytest.raises(NotAllowed, match="A void invoice cannot be finalised"):
        lifecycle.finalise(stale)
