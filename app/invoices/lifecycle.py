"""An invoice's way from draft to paid, as data, and the steps a person takes on it.

Each step locks the invoice, looks at its present status, writes, flushes and announces; the caller commits.
"""

from collections.abc import Collection
from enum import Enum

from app.extensions import db, now
from app.invoices.events import invoices_changed
from app.invoices.models import Invoice, InvoiceStatus

_S = InvoiceStatus

ALLOWED: dict[InvoiceStatus, frozenset[InvoiceStatus]] = {
    _S.DRAFT: frozenset({_S.GENERATED, _S.VOID}),
    _S.GENERATED: frozenset({_S.SENT, _S.VOID}),
    _S.SENT: frozenset({_S.PARTIALLY_PAID, _S.PAID, _S.OVERDUE, _S.VOID, _S.DISPUTED}),
    _S.PARTIALLY_PAID: frozenset({_S.PAID, _S.OVERDUE, _S.PARTIALLY_REFUNDED, _S.REFUNDED, _S.DISPUTED}),
    _S.PAID: frozenset({_S.PARTIALLY_REFUNDED, _S.REFUNDED, _S.DISPUTED}),
    _S.OVERDUE: frozenset({_S.PARTIALLY_PAID, _S.PAID, _S.VOID, _S.DISPUTED}),
    _S.VOID: frozenset(),
    _S.PARTIALLY_REFUNDED: frozenset(),
    _S.REFUNDED: frozenset(),
    _S.DISPUTED: frozenset(),
}


class Editing(Enum):
    """How much of an invoice may change: what was agreed with the customer stays agreed."""

    EVERYTHING = "everything"
    AFTERCARE = "due date and notes"
    NOTHING = "nothing"


EDITING: dict[InvoiceStatus, Editing] = {
    _S.DRAFT: Editing.EVERYTHING,
    _S.GENERATED: Editing.EVERYTHING,
    _S.SENT: Editing.AFTERCARE,
    _S.PARTIALLY_PAID: Editing.AFTERCARE,
    _S.PAID: Editing.AFTERCARE,
    _S.OVERDUE: Editing.AFTERCARE,
    _S.PARTIALLY_REFUNDED: Editing.AFTERCARE,
    _S.VOID: Editing.NOTHING,
    _S.REFUNDED: Editing.NOTHING,
    _S.DISPUTED: Editing.NOTHING,
}

AFTERCARE_FIELDS = frozenset({"due_date", "notes"})


class NotAllowed(Exception):
    """The invoice's status or contents forbid the step; the message is a sentence for the person."""


def may_become(invoice: Invoice, status: InvoiceStatus) -> bool:
    return status in ALLOWED[invoice.status]


def is_editable(invoice: Invoice) -> bool:
    """Whether anything of it may change; EDITING says how much."""
    return EDITING[invoice.status] is not Editing.NOTHING


def finalise(invoice: Invoice) -> None:
    """Draft → Generated. Raises NotAllowed."""
    _lock_for(invoice, InvoiceStatus.GENERATED, "finalised")
    if not invoice.lines:
        raise NotAllowed("Add at least one line before you finalise this invoice.")
    invoice.generated_at = now()
    _enter(invoice, InvoiceStatus.GENERATED)


def mark_sent(invoice: Invoice) -> None:
    """Generated → Sent. Raises NotAllowed."""
    _lock_for(invoice, InvoiceStatus.SENT, "marked as sent")
    _enter(invoice, InvoiceStatus.SENT)


def void(invoice: Invoice) -> None:
    """Draft, Generated, Sent or Overdue → Void, with no money on it. Raises NotAllowed."""
    _lock_for(invoice, InvoiceStatus.VOID, "voided")
    if invoice.paid_total:
        raise NotAllowed("Money has been received for this invoice. Refund it first, then void it.")
    _enter(invoice, InvoiceStatus.VOID)


def check_editable(invoice: Invoice, fields: Collection[str]) -> None:
    """Raises NotAllowed when one of these fields may not change in the invoice's status."""
    match EDITING[invoice.status]:
        case Editing.NOTHING:
            raise NotAllowed(f"{_named(invoice)} can no longer be changed.")
        case Editing.AFTERCARE if not AFTERCARE_FIELDS.issuperset(fields):
            raise NotAllowed(
                f"Only the due date and the notes of {_named(invoice, start=False)} can be changed."
            )


def lock(invoice: Invoice) -> None:
    """Read the invoice again as it is now, and keep everybody else from changing it until the commit."""
    db.session.flush()  # a refresh would drop what this transaction has not written yet
    db.session.refresh(invoice, with_for_update={"key_share": True})


def _lock_for(invoice: Invoice, status: InvoiceStatus, done: str) -> None:
    lock(invoice)
    if not may_become(invoice, status):
        raise NotAllowed(f"{_named(invoice)} cannot be {done}.")


def _enter(invoice: Invoice, status: InvoiceStatus) -> None:
    invoice.status = status
    db.session.flush()
    invoices_changed.send(invoice.company_id, ids=[invoice.id])


def _named(invoice: Invoice, start: bool = True) -> str:
    label = invoice.status.label.lower()
    article = "an" if label[0] in "aeiou" else "a"
    return f"{article.capitalize() if start else article} {label} invoice"
