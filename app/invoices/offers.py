"""Which steps an invoice's page offers, the likeliest first. The steps themselves decide again, under a lock."""

import enum
from collections.abc import Callable

from app.invoices.lifecycle import is_editable
from app.invoices.models import Invoice, InvoiceStatus, Payment
from app.invoices.payments import CORRECTABLE, RECEIVING
from app.invoices.refunds import REFUNDABLE
from app.invoices.statuses import FOLLOWS_MONEY, may_become

_S = InvoiceStatus

# It was sent once, by mail or otherwise, and may go again: the customer lost it, or wants to see that it is paid.
SENT_BEFORE = FOLLOWS_MONEY  # from Sent on the status follows the money


class Step(enum.StrEnum):
    """Each is the name of its view."""

    FINALISE = "finalise"
    EMAIL = "email"
    SEND = "send"
    RECORD_PAYMENT = "record_payment"
    REISSUE = "reissue"
    WITHDRAW_DISPUTE = "withdraw_dispute"
    EDIT = "edit"
    REFUND = "refund"
    DISPUTE = "dispute"
    EMAIL_AGAIN = "email_again"
    VOID = "void"

    @property
    def is_primary(self) -> bool:
        """What moves an invoice on; never two of them at once."""
        return self in (Step.FINALISE, Step.EMAIL, Step.RECORD_PAYMENT, Step.REISSUE)

    @property
    def is_common(self) -> bool:
        return self in (Step.SEND, Step.EDIT, Step.WITHDRAW_DISPUTE)

    @property
    def label(self) -> str:
        return {
            Step.EMAIL: "Send by e-mail",
            Step.EMAIL_AGAIN: "Send again by e-mail",
            Step.SEND: "Mark as sent",
        }.get(self, self.value.replace("_", " ").capitalize())

    def called(self, was_emailed: bool) -> str:
        """ "Again" only where an e-mail went before: one may count as sent that nobody sent by e-mail."""
        return (Step.EMAIL if self is Step.EMAIL_AGAIN and not was_emailed else self).label


_OFFERED: dict[Step, Callable[[Invoice], bool]] = {
    Step.FINALISE: lambda invoice: may_become(invoice, _S.GENERATED),
    Step.EMAIL: lambda invoice: invoice.status is _S.GENERATED,
    Step.SEND: lambda invoice: may_become(invoice, _S.SENT),
    Step.RECORD_PAYMENT: lambda invoice: invoice.status in RECEIVING and invoice.balance > 0,
    Step.REISSUE: lambda invoice: invoice.status is _S.DISPUTED,
    Step.WITHDRAW_DISPUTE: lambda invoice: invoice.status is _S.DISPUTED,
    Step.EDIT: is_editable,
    Step.REFUND: lambda invoice: invoice.status in REFUNDABLE and bool(invoice.held),
    Step.DISPUTE: lambda invoice: may_become(invoice, _S.DISPUTED),
    Step.EMAIL_AGAIN: lambda invoice: invoice.status in SENT_BEFORE,
    # Also where money is in the way: the step's page says what to do first.
    Step.VOID: lambda invoice: (
        invoice.status is not _S.DISPUTED and (may_become(invoice, _S.VOID) or bool(invoice.held))
    ),
}


def offers(invoice: Invoice) -> list[Step]:
    return [step for step in Step if is_offered(step, invoice)]


def is_offered(step: Step, invoice: Invoice) -> bool:
    return _OFFERED[step](invoice)


def may_take_back(payment: Payment) -> bool:
    invoice = payment.invoice
    return not payment.taken_back_at and not invoice.refunded_total and invoice.status in CORRECTABLE
