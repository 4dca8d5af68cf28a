"""Money received for an invoice. Each step writes, flushes and announces; the caller commits."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from app.accounts.models import User
from app.extensions import db, now
from app.invoices import history
from app.invoices.dates import today
from app.invoices.events import payments_changed
from app.invoices.lifecycle import NotAllowed, follow_money, lock, named
from app.invoices.models import Invoice, InvoiceStatus, Payment, PaymentMethod

RECEIVING = frozenset(
    {
        InvoiceStatus.SENT,
        InvoiceStatus.PARTIALLY_PAID,
        InvoiceStatus.OVERDUE,
        InvoiceStatus.PARTIALLY_REFUNDED,
        InvoiceStatus.REFUNDED,
    }
)
CORRECTABLE = frozenset({InvoiceStatus.PARTIALLY_PAID, InvoiceStatus.PAID, InvoiceStatus.OVERDUE})


@dataclass(frozen=True)
class PaymentData:
    """What a person says about a payment; the amount is in the company's currency, the day its own."""

    amount: Decimal
    method: PaymentMethod
    received_on: date
    reference: str = ""


def record_payment(invoice: Invoice, data: PaymentData, by: User | None = None) -> Payment:
    """Never more than the balance. Raises NotAllowed."""
    lock(invoice)
    if invoice.status not in RECEIVING or not invoice.balance:
        raise NotAllowed(f"{named(invoice)} takes no payment.")
    if data.amount > invoice.balance:
        balance = history.money(invoice, invoice.balance)
        raise NotAllowed(f"The balance is {balance}; a payment cannot be more.")
    if data.received_on > today(invoice.company):
        raise NotAllowed("The day of a payment cannot be in the future.")
    payment = Payment(company_id=invoice.company_id, invoice=invoice, **asdict(data))
    db.session.add(payment)
    before = invoice.balance
    invoice.paid_total += data.amount
    changes = history.amount_changes(invoice, "Balance", before, invoice.balance)
    amount, method = history.money(invoice, data.amount), data.method.label.lower()
    history.note(invoice, f"recorded a payment of {amount} ({method})", by, changes)
    _announce(payment)
    return payment


def take_back(payment: Payment, by: User | None = None) -> None:
    """A payment that was recorded by mistake no longer counts. Raises NotAllowed."""
    invoice = payment.invoice
    lock(invoice)
    db.session.refresh(payment)
    if payment.taken_back_at:
        raise NotAllowed("This payment was taken back already.")
    if invoice.refunded_total:
        raise NotAllowed("Money of this invoice was given back already, so its payments stay.")
    if invoice.status not in CORRECTABLE:
        raise NotAllowed(f"The payments of {named(invoice, start=False)} stay as they are.")
    payment.taken_back_at = now()
    before = invoice.balance
    invoice.paid_total -= payment.amount
    balance = history.amount_changes(invoice, "Balance", before, invoice.balance)
    amount = history.money(invoice, payment.amount)
    history.note(invoice, f"took back the payment of {amount}", by, balance)
    _announce(payment)


def _announce(payment: Payment) -> None:
    db.session.flush()
    payments_changed.send(payment.company_id, ids=[payment.id])
    follow_money(payment.invoice)
