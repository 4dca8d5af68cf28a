"""What became of Harbor's invoices: one of each kind, through the steps an owner takes."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from app.accounts.models import Company, Terms, User
from app.invoices import dates
from app.invoices.disputes import MoneyReceived, dispute, reissue
from app.invoices.lifecycle import finalise, mark_sent, void
from app.invoices.models import Invoice, PaymentMethod
from app.invoices.payments import PaymentData, record_payment
from app.invoices.records import InvoiceData, create_draft
from app.invoices.refunds import RefundData, record_refund
from app.lib.money import to_cents


def live(sent: Sequence[Invoice], owner: User) -> None:
    """The first seven go their ways; the others wait for their money."""
    paid, refunded, partly_refunded, voided, refunded_and_voided, disputed, reissued = sent[:7]
    for invoice in (paid, refunded, partly_refunded, refunded_and_voided):
        _pay(invoice, invoice.total, owner)
    _pay(reissued, _half(reissued), owner)
    _give_back(partly_refunded, _half(partly_refunded), "Half of the work was under warranty", owner)
    for invoice in (refunded, refunded_and_voided):
        _give_back(invoice, invoice.total, "The customer called the job off", owner)
    for invoice in (voided, refunded_and_voided):
        void(invoice, by=owner)
    dispute(disputed, "The visit was covered by the maintenance plan", by=owner)
    dispute(reissued, "The price agreed on the phone was lower", by=owner)
    reissue(reissued, _cheaper(reissued), MoneyReceived.MOVE, by=owner)


def begin(company: Company, like: InvoiceData, owner: User) -> None:
    """Two invoices of today: one half paid already, one just sent."""
    day = dates.today(company)
    due = dates.due_date(day, Terms.NET_30)
    data = replace(like, issue_date=day, due_date=due, terms=Terms.NET_30)
    for is_half_paid in (True, False):
        invoice = create_draft(company, data, by=owner)
        finalise(invoice, by=owner)
        mark_sent(invoice, by=owner)
        if is_half_paid:
            _pay(invoice, _half(invoice), owner)


def _pay(invoice: Invoice, amount: Decimal, owner: User) -> None:
    day = min(invoice.due_date, dates.today(invoice.company))
    record_payment(invoice, PaymentData(amount, PaymentMethod.CHECK, day, reference="1042"), by=owner)


def _give_back(invoice: Invoice, amount: Decimal, reason: str, owner: User) -> None:
    day = dates.today(invoice.company)
    record_refund(invoice, RefundData(amount, PaymentMethod.BANK_TRANSFER, day, reason), by=owner)


def _half(invoice: Invoice) -> Decimal:
    return to_cents(invoice.total / 2)


def _cheaper(invoice: Invoice) -> InvoiceData:
    data = InvoiceData.of(invoice)
    return replace(data, lines=[replace(line, discount_percent=Decimal(15)) for line in data.lines])
