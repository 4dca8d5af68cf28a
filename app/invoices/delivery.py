"""Sending an invoice by e-mail, with its PDF. It becomes Sent once the mail server took the message."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from app.accounts import mail_quota
from app.accounts.locking import lock_company
from app.accounts.models import User
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db, now
from app.invoices import lifecycle, pdf, places
from app.invoices.dates import today
from app.invoices.lifecycle import NotAllowed
from app.invoices.models import Invoice, InvoiceDelivery, InvoiceStatus
from app.lib import days
from app.lib.money import shown
from app.mail.events import message_settled
from app.mail.models import MessageState
from app.mail.outbox import mail_leaves, send_later, was_queued

NO_MAIL = "No mail leaves this installation. Send the PDF yourself, then mark the invoice as sent."
SHOWN = 5
OUTCOMES = {MessageState.GIVEN_UP: "was not sent", MessageState.UNCLEAR: "may not have arrived"}
NEVER_SENT = (InvoiceStatus.DRAFT, InvoiceStatus.VOID, InvoiceStatus.DISPUTED)


class Letter(NamedTuple):
    """What the person wrote. `once` is new for every time the question is asked: sent twice, it goes once."""

    recipient: str
    subject: str
    text: str
    once: str


def register() -> None:
    message_settled.connect(_note_outcome)


def proposed(invoice: Invoice) -> dict[str, str]:
    """The letter that the form begins with."""
    company, contact = invoice.company, invoice.customer.contact_name
    symbol = company.currency.symbol
    is_due = "was due" if invoice.due_date < today(company) else "is due"
    owed = f"{shown(invoice.balance, symbol)} {is_due} on {days.shown(invoice.due_date)}."
    if invoice.refunded_total and not invoice.held:
        money = f"The {shown(invoice.refunded_total, symbol)} that you had paid was given back to you."
        if invoice.balance > 0:
            money += f" {owed}"
    elif invoice.balance > 0:
        money = owed
    else:
        money = f"Its total of {shown(invoice.total, symbol)} is paid. Thank you."
    return {
        "recipient": invoice.customer.email,
        "subject": f"Invoice {invoice.number} from {company.name}",
        "text": f"Dear {contact or invoice.customer.name},\n\nplease find attached invoice {invoice.number}. "
        f"{money}\n\nKind regards\n{company.name}",
    }


def event_of(invoice: Invoice, once: str) -> str:
    """By which the outbox of mail knows a letter again."""
    return f"invoice:{invoice.id}:{once}"


def lock_to_send(invoice: Invoice) -> None:
    """Its customer, the company and itself, read again as they are now (the order: accounts/locking.py). Nobody
    changes what the letter says until the commit, and what the company mails in a day is counted by one at a time.
    """
    db.session.refresh(invoice.customer, with_for_update={"read": True})
    lock_company(invoice.company_id)
    lifecycle.lock(invoice)


def send_by_email(invoice: Invoice, letter: Letter, by: User) -> None:
    """Queue the message with the invoice as it is now. The caller commits. Raises NotAllowed."""
    lock_to_send(invoice)
    if invoice.status in NEVER_SENT:
        raise NotAllowed(f"{lifecycle.named(invoice)} cannot be sent.")
    if not mail_leaves():
        raise NotAllowed(NO_MAIL)
    event = event_of(invoice, letter.once)
    if not was_queued(event, letter.recipient) and (words := mail_quota.used_up_words(invoice.company)):
        raise NotAllowed(words)
    message_id = send_later(
        letter.recipient,
        "invoices/mail/invoice",
        letter.subject,
        event=event,
        company_id=invoice.company_id,
        context={"text": letter.text, "company": invoice.company, "invoice": invoice},
        sender_name=invoice.company.name,
        reply_to=by.email,
        attachment=(pdf.file_name(invoice), pdf.render(invoice)),
    )
    values = {"invoice_id": invoice.id, "message_id": message_id, "user_id": by.id, "at": now()}
    fresh = insert(InvoiceDelivery).values(values).on_conflict_do_nothing().returning(InvoiceDelivery.id)
    if db.session.scalar(fresh):
        _note(invoice, f"put an e-mail to {letter.recipient} into the outbox", by)


def deliveries(invoice: Invoice) -> Sequence[InvoiceDelivery]:
    """The latest first."""
    query = select(InvoiceDelivery).filter_by(invoice_id=invoice.id).order_by(InvoiceDelivery.id.desc())
    return db.session.scalars(
        query.limit(SHOWN).options(joinedload(InvoiceDelivery.message), joinedload(InvoiceDelivery.user))
    ).all()


def was_emailed(deliveries: Sequence[InvoiceDelivery]) -> bool:
    """Whether one of them left, or may still."""
    return any(delivery.message.state is not MessageState.GIVEN_UP for delivery in deliveries)


def _note_outcome(message_id: int, state: MessageState, taken_back: bool = False, **_: Any) -> None:
    """In the transaction that settles the message, or of the change that takes it back."""
    delivery = db.session.scalar(select(InvoiceDelivery).filter_by(message_id=message_id))
    if delivery is None:
        return
    invoice, message = delivery.invoice, delivery.message
    db.session.refresh(message)
    if taken_back:
        _note(invoice, f"held back the e-mail to {message.recipient}")
        return
    if state is not MessageState.SENT:
        _note(invoice, f"The e-mail to {message.recipient} {OUTCOMES[state]}: {message.problem}")
        places.follow(invoice.company_id, [invoice.customer_id])  # it kept its address while it was leaving
        return
    done = f"sent it to {message.recipient} by e-mail"
    lifecycle.lock(invoice)
    if invoice.status is InvoiceStatus.GENERATED:
        lifecycle.mark_sent(invoice, by=delivery.user, how=done)
    else:
        _note(invoice, done, delivery.user)


def _note(invoice: Invoice, text: str, by: User | None = None) -> None:
    record(ActivityKind.MAIL, text, invoice.company_id, on=invoice.subject, by=by)
