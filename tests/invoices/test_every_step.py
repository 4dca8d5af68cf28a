"""Every step in every status: allowed where the domain says so, refused in a sentence everywhere else."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from app.extensions import db
from app.invoices.disputes import MoneyReceived, dispute, reissue, withdraw
from app.invoices.lifecycle import NotAllowed, finalise, mark_sent, void
from app.invoices.models import Invoice, InvoiceStatus, PaymentMethod
from app.invoices.payments import PaymentData, record_payment, take_back
from app.invoices.records import InvoiceData
from app.invoices.refunds import RefundData, record_refund
from tests.invoices import builders

S = InvoiceStatus
DOLLAR = Decimal(1)

# What each step leads to from where. The invoices are of $100.00, due in a month; what is partly refunded was paid
# in full.
STEPS: dict[str, tuple[Callable[[Invoice], object], dict[S, S]]] = {
    "finalise": (finalise, {S.DRAFT: S.GENERATED}),
    "mark sent": (mark_sent, {S.GENERATED: S.SENT}),
    "void": (void, dict.fromkeys((S.DRAFT, S.GENERATED, S.SENT, S.OVERDUE, S.REFUNDED), S.VOID)),
    "dispute": (
        lambda invoice: dispute(invoice, "Not what we ordered"),
        dict.fromkeys((S.SENT, S.PARTIALLY_PAID, S.OVERDUE, S.PAID), S.DISPUTED),
    ),
    "withdraw the dispute": (withdraw, {S.DISPUTED: S.SENT}),
    "reissue": (
        lambda invoice: reissue(invoice, InvoiceData.of(invoice), MoneyReceived.MOVE),
        {S.DISPUTED: S.VOID},
    ),
    "record a payment": (
        lambda invoice: record_payment(
            invoice, PaymentData(DOLLAR, PaymentMethod.CASH, builders.ISSUED, "1042")
        ),
        dict.fromkeys((S.SENT, S.PARTIALLY_PAID, S.OVERDUE), S.PARTIALLY_PAID),
    ),
    "take a payment back": (
        lambda invoice: take_back(invoice.payments[0]),
        {S.PARTIALLY_PAID: S.SENT, S.OVERDUE: S.SENT, S.PAID: S.SENT},
    ),
    "refund": (
        lambda invoice: record_refund(
            invoice, RefundData(DOLLAR, PaymentMethod.CASH, builders.ISSUED, "Wrong part")
        ),
        dict.fromkeys((S.PARTIALLY_PAID, S.OVERDUE, S.PAID, S.PARTIALLY_REFUNDED), S.PARTIALLY_REFUNDED),
    ),
}
# Half of the total was received when these are tried, also where the status says otherwise.
WITH_MONEY = ("take a payment back", "refund")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", InvoiceStatus)
def test_where_it_leads(bakery, status, step):
    take, leads_to = STEPS[step]
    invoice = builders.invoice(bakery, status=status)
    if step in WITH_MONEY and not invoice.paid_total:
        builders.receive(invoice, Decimal(50))
    db.session.commit()
    with builders.announcements() as heard:
        if status in leads_to:
            take(invoice)
        else:
            with pytest.raises(NotAllowed, match=r"^[A-Z].*\.$"):
                take(invoice)
            db.session.rollback()
    assert invoice.status is leads_to.get(status, status)
    moved = {status, invoice.status} if invoice.status is not status else set()
    announced = moved & {S.DRAFT, S.GENERATED, S.DISPUTED, S.VOID}
    assert heard[-1:] == ([(bakery.company_id, [invoice.id])] if announced else [])
