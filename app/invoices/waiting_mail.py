"""E-mails that wait with an invoice's PDF: none may leave with what the invoice no longer says."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from app.customers.events import bill_to_changed
from app.extensions import db
from app.invoices.models import Invoice, InvoiceDelivery
from app.mail.models import Message
from app.mail.outbox import take_back

CHANGED = "The invoice was changed before the e-mail left. Send it again."
CUSTOMER_CHANGED = "The customer was changed before the e-mail left. Send it again."
_WAITING = (
    select(Message.id)
    .join(InvoiceDelivery, InvoiceDelivery.message_id == Message.id)
    .where(Message.settled_at.is_(None))
)


def register() -> None:
    bill_to_changed.connect(hold_back_of)


def hold_back(invoice: Invoice, why: str) -> bool:
    """Give up what still waits, in the transaction of the change. False where one is on the wire already."""
    return _give_up(_WAITING.where(InvoiceDelivery.invoice_id == invoice.id), why)


def hold_back_of(company_id: int, ids: Sequence[int], **_: Any) -> None:
    """Their invoices are addressed in another way now. One that is on the wire may go."""
    theirs = (Invoice.company_id == company_id, Invoice.customer_id.in_(ids))
    _give_up(_WAITING.join(InvoiceDelivery.invoice).where(*theirs).order_by(Message.id), CUSTOMER_CHANGED)


def _give_up(waiting: Select[int], why: str) -> bool:
    held = [take_back(message_id, why) for message_id in db.session.scalars(waiting).all()]
    return all(held)
