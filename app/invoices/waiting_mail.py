"""E-mails that wait with an invoice's PDF: none may leave with what the invoice no longer says."""

from sqlalchemy import select

from app.extensions import db
from app.invoices.models import Invoice, InvoiceDelivery
from app.mail.models import Message
from app.mail.outbox import take_back


def hold_back(invoice: Invoice, why: str) -> bool:
    """Give up what still waits, in the transaction of the change. False where one is on the wire already."""
    waiting = (
        select(Message.id)
        .join(InvoiceDelivery, InvoiceDelivery.message_id == Message.id)
        .where(InvoiceDelivery.invoice_id == invoice.id, Message.settled_at.is_(None))
    )
    held = [take_back(message_id, why) for message_id in db.session.scalars(waiting).all()]
    return all(held)
