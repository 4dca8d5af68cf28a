"""The plain steps on an invoice's way from draft to paid, refunded or void (statuses.py).

Each step locks the invoice, looks at its present status, writes, flushes and announces; the caller commits. Owners
take them, but for Overdue, which the clock sets. Steps that move money are in payments.py and refunds.py, contested
invoices in disputes.py.
"""

from collections.abc import Collection

from app.accounts.models import User
from app.extensions import db, now
from app.invoices import history, waiting_mail
from app.invoices.dates import today
from app.invoices.events import announce, payments_changed, refunds_changed
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.statuses import (
    AFTERCARE_FIELDS,
    ALLOWED,
    CORRECTIONS,
    EDITING,
    Editing,
    may_become,
    status_by_money,
)


class NotAllowed(Exception):
    """The invoice's status or contents forbid the step; the message is a sentence for the person."""


def is_editable(invoice: Invoice) -> bool:
    """Whether anything of it may change; EDITING says how much."""
    return EDITING[invoice.status] is not Editing.NOTHING


def finalise(invoice: Invoice, by: User | None = None) -> None:
    """Draft → Generated. Raises NotAllowed."""
    lock_for(invoice, InvoiceStatus.GENERATED, "finalised")
    if not invoice.lines:
        raise NotAllowed("Add at least one line before you finalise this invoice.")
    if invoice.tax_total and invoice.customer.tax_exempt:
        raise NotAllowed(
            f"{invoice.customer.name} is tax-exempt now. Edit this invoice and save it: that takes its tax off."
        )
    invoice.generated_at = now()
    history.note(invoice, "finalised the invoice", by)
    enter(invoice, InvoiceStatus.GENERATED)


def mark_sent(invoice: Invoice, by: User | None = None, how: str = "marked it as sent") -> None:
    """Generated → Sent; from there at once to where its money and its due date put it. `how` is for the history.

    Raises NotAllowed.
    """
    lock_for(invoice, InvoiceStatus.SENT, "marked as sent")
    history.note(invoice, how, by)
    move(invoice, InvoiceStatus.SENT)
    enter(invoice, status_by_money(invoice, today(invoice.company)))


def void(invoice: Invoice, by: User | None = None) -> None:
    """Any status but Void and Disputed → Void, with no money on it. Raises NotAllowed."""
    lock(invoice)
    if invoice.status is InvoiceStatus.DISPUTED:
        raise NotAllowed(
            "A disputed invoice cannot be voided by itself. Reissue it, or withdraw the dispute."
        )
    if invoice.held:
        raise NotAllowed("Money has been received for this invoice. Refund it first, then void it.")
    _check(invoice, InvoiceStatus.VOID, "voided")
    history.note(invoice, "voided the invoice", by)
    make_void(invoice)


def make_void(invoice: Invoice) -> None:
    """The step itself: what was received and given back is void with it, and announced before it.

    Raises NotAllowed while an e-mail with the invoice is leaving.
    """
    hold_mail_back(invoice, "The invoice was voided before the e-mail left.")
    move(invoice, InvoiceStatus.VOID)
    db.session.flush()
    for signal, records in ((payments_changed, invoice.payments), (refunds_changed, invoice.refunds)):
        if records:
            signal.send(invoice.company_id, ids=[record.id for record in records])
    announce(invoice.company_id, [invoice])


def hold_mail_back(invoice: Invoice, why: str) -> None:
    """No e-mail leaves with what the invoice no longer says. Raises NotAllowed while one is leaving."""
    if not waiting_mail.hold_back(invoice, why):
        raise NotAllowed("An e-mail with this invoice is leaving at this moment. Try again in a minute.")


def follow_money(invoice: Invoice) -> None:
    """Bring the status of a sent invoice in step with its money and its due date. What it says stays as it is, so
    nothing is announced. An e-mail that still waits tells of another balance; one that is leaving already may go.
    """
    waiting_mail.hold_back(invoice, "Money was recorded before the e-mail left. Send it again.")
    move(invoice, status_by_money(invoice, today(invoice.company)))
    db.session.flush()


def check_editable(invoice: Invoice, fields: Collection[str]) -> None:
    """Raises NotAllowed when one of these fields may not change in the invoice's status."""
    match EDITING[invoice.status]:
        case Editing.NOTHING:
            raise NotAllowed(f"{named(invoice)} can no longer be changed.")
        case Editing.AFTERCARE if not AFTERCARE_FIELDS.issuperset(fields):
            raise NotAllowed(
                f"Only the due date and the notes of {named(invoice, start=False)} can be changed."
            )


def lock(invoice: Invoice) -> None:
    """Read the invoice again as it is now, and keep everybody else from changing it until the commit."""
    db.session.flush()  # a refresh would drop what this transaction has not written yet
    db.session.refresh(invoice, with_for_update={"key_share": True})


def lock_for(invoice: Invoice, status: InvoiceStatus, done: str) -> None:
    """Raises NotAllowed, with `done` in its sentence, when the invoice may not become this."""
    lock(invoice)
    _check(invoice, status, done)


def enter(invoice: Invoice, status: InvoiceStatus) -> None:
    """Move, write and announce."""
    move(invoice, status)
    announce(invoice.company_id, [invoice])


def move(invoice: Invoice, status: InvoiceStatus) -> None:
    """Raises ValueError for a move that is in neither table: a mistake of ours, not of the person."""
    ways = ALLOWED[invoice.status] | CORRECTIONS.get(invoice.status, frozenset())
    if status is not invoice.status and status not in ways:
        raise ValueError(f"An invoice never goes from {invoice.status} to {status}.")
    invoice.status = status


def named(invoice: Invoice, start: bool = True) -> str:
    """The invoice by its status, for a sentence: “A paid invoice”."""
    label = invoice.status.label.lower()
    article = "an" if label[0] in "aeiou" else "a"
    return f"{article.capitalize() if start else article} {label} invoice"


def _check(invoice: Invoice, status: InvoiceStatus, done: str) -> None:
    if not may_become(invoice, status):
        raise NotAllowed(f"{named(invoice)} cannot be {done}.")
