"""Money given back. Each step writes, flushes and announces; the caller commits."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from app.accounts.models import User
from app.extensions import db
from app.invoices import history
from app.invoices.dates import today
from app.invoices.events import refunds_changed
from app.invoices.lifecycle import NotAllowed, follow_money, lock, named
from app.invoices.models import Invoice, InvoiceStatus, PaymentMethod, Refund

REFUNDABLE = frozenset(
    {
        InvoiceStatus.PARTIALLY_PAID,
        InvoiceStatus.PAID,
        InvoiceStatus.OVERDUE,
        InvoiceStatus.PARTIALLY_REFUNDED,
    }
)


@dataclass(frozen=True)
class RefundData:
    """What a person says about a refund; the amount is in the company's currency, the day its own."""

    amount: Decimal
    method: PaymentMethod
    refunded_on: date
    reason: str


def record_refund(invoice: Invoice, data: RefundData, by: User | None = None) -> Refund:
    """Never more than was received and not given back yet. Raises NotAllowed."""
    lock(invoice)
    if invoice.status not in REFUNDABLE:
        raise NotAllowed(f"{named(invoice)} has nothing to give back.")
    if not data.reason.strip():
        raise NotAllowed("Say why the money is given back.")
    if data.refunded_on > today(invoice.company):
        raise NotAllowed("The day of a refund cannot be in the future.")
    refund = give_back(invoice, data, by)
    follow_money(invoice)
    return refund


def give_back(invoice: Invoice, data: RefundData, by: User | None) -> Refund:
    """On a locked invoice, whatever its status. Raises NotAllowed when there is not so much."""
    if data.amount > invoice.held:
        raise NotAllowed(f"At most {history.money(invoice, invoice.held)} can be given back.")
    refund = Refund(company_id=invoice.company_id, invoice=invoice, **asdict(data))
    db.session.add(refund)
    invoice.refunded_total += data.amount
    history.note(invoice, f"gave back {history.money(invoice, data.amount)}: {data.reason}", by)
    db.session.flush()
    refunds_changed.send(invoice.company_id, ids=[refund.id])
    return refund
