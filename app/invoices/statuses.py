"""The statuses of an invoice: which may follow which, and what may still be changed in each."""

from datetime import date
from enum import Enum

from app.invoices.models import Invoice, InvoiceStatus

_S = InvoiceStatus

# Three moves go beyond the product's table of statuses: an overdue, partly paid invoice may be refunded, a fully
# refunded one may be voided, and so may one that costs nothing, which is paid as soon as it is sent. Whatever its
# status, no invoice with money on it is voided.
ALLOWED: dict[InvoiceStatus, frozenset[InvoiceStatus]] = {
    _S.DRAFT: frozenset({_S.GENERATED, _S.VOID}),
    _S.GENERATED: frozenset({_S.SENT, _S.VOID}),
    _S.SENT: frozenset({_S.PARTIALLY_PAID, _S.PAID, _S.OVERDUE, _S.VOID, _S.DISPUTED}),
    _S.PARTIALLY_PAID: frozenset({_S.PAID, _S.OVERDUE, _S.PARTIALLY_REFUNDED, _S.REFUNDED, _S.DISPUTED}),
    _S.PAID: frozenset({_S.PARTIALLY_REFUNDED, _S.REFUNDED, _S.VOID, _S.DISPUTED}),
    _S.OVERDUE: frozenset(
        {_S.PARTIALLY_PAID, _S.PAID, _S.PARTIALLY_REFUNDED, _S.REFUNDED, _S.VOID, _S.DISPUTED}
    ),
    _S.VOID: frozenset(),
    _S.PARTIALLY_REFUNDED: frozenset({_S.REFUNDED}),
    _S.REFUNDED: frozenset({_S.VOID}),
    _S.DISPUTED: frozenset({_S.VOID}),
}

# Ways back: a payment recorded by mistake, or after all was given back; a due date put off, a dispute withdrawn.
CORRECTIONS: dict[InvoiceStatus, frozenset[InvoiceStatus]] = {
    _S.PARTIALLY_PAID: frozenset({_S.SENT}),
    _S.PAID: frozenset({_S.SENT, _S.PARTIALLY_PAID, _S.OVERDUE}),
    _S.OVERDUE: frozenset({_S.SENT}),
    _S.REFUNDED: frozenset({_S.PARTIALLY_REFUNDED}),
    _S.DISPUTED: frozenset({_S.SENT, _S.PARTIALLY_PAID, _S.OVERDUE, _S.PAID}),
}

# Statuses that follow the money paid and refunded.
FOLLOWS_MONEY = frozenset(
    {_S.SENT, _S.PARTIALLY_PAID, _S.PAID, _S.OVERDUE, _S.PARTIALLY_REFUNDED, _S.REFUNDED}
)


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


def status_by_money(invoice: Invoice, day: date) -> InvoiceStatus:
    """Where a sent invoice stands; `day` is today at its company."""
    if invoice.refunded_total:
        return _S.REFUNDED if invoice.refunded_total == invoice.paid_total else _S.PARTIALLY_REFUNDED
    if invoice.paid_total == invoice.total:
        return _S.PAID
    if invoice.due_date < day:
        return _S.OVERDUE
    return _S.PARTIALLY_PAID if invoice.paid_total else _S.SENT


def may_become(invoice: Invoice, status: InvoiceStatus) -> bool:
    return status in ALLOWED[invoice.status]
