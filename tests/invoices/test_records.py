"""Writing invoices: what may change when, and what is announced."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.accounts.models import Terms
from app.extensions import db
from app.invoices.lifecycle import NotAllowed
from app.invoices.models import DiscountKind, Invoice, InvoiceStatus
from app.invoices.records import InvoiceData, create_draft, create_imported, update_invoice
from tests.invoices import builders

S = InvoiceStatus
FREE = (S.DRAFT, S.GENERATED)
AGREED = (S.SENT, S.PARTIALLY_PAID, S.PAID, S.OVERDUE, S.PARTIALLY_REFUNDED)
CLOSED = (S.VOID, S.REFUNDED, S.DISPUTED)

CHANGES = {
    "issue_date": date(2026, 3, 1),
    "terms": Terms.NET_60,
    "discount_kind": DiscountKind.PERCENT,
    "tax_rate": Decimal("8.25"),
    "lines": [builders.line("Filter", "2", "24.50")],
}
AFTERCARE = {"due_date": date(2026, 5, 1), "notes": "Paid by mail."}


def test_a_draft_has_number_totals_and_lines(owner, bakery):
    lines = (builders.line("Labor", "2.5", "95", "10"), builders.line("Filter", "3", "24.50"))
    with builders.announcements() as heard:
        invoice = create_draft(
            owner.company,
            builders.data(
                bakery,
                *lines,
                discount_kind=DiscountKind.AMOUNT,
                discount_value=Decimal(20),
                tax_rate=Decimal(5),
            ),
        )
    db.session.commit()
    assert (invoice.number, invoice.status) == ("INV-2026-0001", S.DRAFT)
    assert [(line.position, line.item, line.amount) for line in invoice.lines] == [
        (1, "Labor", Decimal("213.75")),
        (2, "Filter", Decimal("73.50")),
    ]
    totals = (invoice.subtotal, invoice.discount_total, invoice.tax_total, invoice.total)
    assert totals == tuple(map(Decimal, ("287.25", "20.00", "13.36", "280.61")))
    assert heard == []


@pytest.mark.parametrize("field", [*CHANGES, *AFTERCARE])
@pytest.mark.parametrize("status", InvoiceStatus)
def test_what_may_change_in_each_status(bakery, status, field):
    invoice = builders.invoice(bakery, status=status)
    before = InvoiceData.of(invoice)
    wanted = replace(before, **{field: {**CHANGES, **AFTERCARE}[field]})
    allowed = status in FREE or (status in AGREED and field in AFTERCARE)
    with builders.announcements() as heard:
        if allowed:
            update_invoice(invoice, wanted)
        else:
            with pytest.raises(NotAllowed):
                update_invoice(invoice, wanted)
    db.session.commit()
    assert InvoiceData.of(invoice) == (wanted if allowed else before)
    announced = allowed and status is not S.DRAFT
    assert heard == ([(bakery.company_id, [invoice.id])] if announced else [])


def test_refusals_say_what_stays_possible(bakery):
    sent = builders.invoice(bakery, status=S.SENT)
    with pytest.raises(
        NotAllowed, match=r"^Only the due date and the notes of a sent invoice can be changed\.$"
    ):
        update_invoice(sent, replace(InvoiceData.of(sent), lines=[builders.line("Other")]))
    closed = builders.invoice(bakery, status=S.VOID)
    with pytest.raises(NotAllowed, match=r"^A void invoice can no longer be changed\.$"):
        update_invoice(closed, replace(InvoiceData.of(closed), notes="Oops"))


@pytest.mark.parametrize("status", InvoiceStatus)
def test_saving_what_is_there_announces_nothing(bakery, status):
    invoice = builders.invoice(bakery, builders.line(quantity="1.5"), status=status)
    unchanged = invoice.updated_at
    with builders.announcements() as heard:
        update_invoice(invoice, InvoiceData.of(invoice))
    assert heard == []
    assert invoice.updated_at == unchanged


def test_a_finalised_invoice_keeps_a_line(bakery):
    invoice = builders.invoice(bakery, status=S.GENERATED)
    with pytest.raises(NotAllowed, match="at least one line"):
        update_invoice(invoice, replace(InvoiceData.of(invoice), lines=[]))


def test_lines_are_added_changed_and_taken_away(clock, bakery):
    first, second = builders.line("Labor"), builders.line("Filter", "2", "24.50")
    invoice = builders.invoice(bakery, first, second, status=S.GENERATED)
    clock.advance(hours=1)
    update_invoice(invoice, replace(InvoiceData.of(invoice), lines=[second]))
    db.session.commit()
    assert [(line.position, line.item) for line in invoice.lines] == [(1, "Filter")]
    assert (invoice.total, invoice.updated_at) == (Decimal("49.00"), clock.now())


def test_imported_invoices_are_generated_and_announced_once(owner, bakery):
    rows = [
        (number, builders.data(bakery, builders.line(price=price)))
        for number, price in (("10248", "12.34"), ("10249", "0.01"))
    ]
    with builders.announcements() as heard:
        imported = create_imported(owner.company, rows)
    db.session.commit()
    assert heard == [(owner.company_id, [invoice.id for invoice in imported])]
    stored = db.session.query(Invoice).order_by(Invoice.number).all()
    assert [(invoice.number, invoice.status, invoice.total) for invoice in stored] == [
        ("10248", S.GENERATED, Decimal("12.34")),
        ("10249", S.GENERATED, Decimal("0.01")),
    ]
    assert all(invoice.generated_at and invoice.terms is None for invoice in stored)
