"""A contested invoice: disputed, then withdrawn, or voided and replaced by a corrected copy (domain: Invoices).

Each step writes, flushes and announces; the caller commits.
"""

import enum
from decimal import Decimal

from app.accounts.locking import lock_company
from app.accounts.models import User
from app.invoices import history
from app.invoices.dates import today
from app.invoices.events import payments_changed
from app.invoices.lifecycle import (
    NotAllowed,
    enter,
    finalise,
    hold_mail_back,
    lock,
    lock_for,
    make_void,
    mark_sent,
    named,
)
from app.invoices.models import Invoice, InvoiceStatus, PaymentMethod
from app.invoices.records import InvoiceData, create_draft
from app.invoices.refunds import RefundData, give_back
from app.invoices.statuses import status_by_money
from app.lib.money import ZERO


class MoneyReceived(enum.StrEnum):
    """What becomes of the money of a disputed invoice when it is reissued."""

    MOVE = "move"
    GIVE_BACK = "give_back"

    @property
    def label(self) -> str:
        return {"move": "Move it to the corrected invoice", "give_back": "Give it back to the customer"}[
            self.value
        ]


def dispute(invoice: Invoice, reason: str, by: User | None = None) -> None:
    """The customer contests it: nothing of it is pushed or mailed any more. Raises NotAllowed."""
    lock_for(invoice, InvoiceStatus.DISPUTED, "disputed")
    if not reason.strip():
        raise NotAllowed("Say what the customer contests.")
    hold_mail_back(invoice, "The invoice was disputed before the e-mail left.")
    invoice.dispute_reason = reason.strip()
    history.note(invoice, f"noted a dispute: {invoice.dispute_reason}", by)
    enter(invoice, InvoiceStatus.DISPUTED)


def withdraw(invoice: Invoice, by: User | None = None) -> None:
    """The customer accepts it as it stands. Raises NotAllowed."""
    _lock_disputed(invoice, "has no dispute to withdraw")
    invoice.dispute_reason = ""
    history.note(invoice, "withdrew the dispute", by)
    enter(invoice, status_by_money(invoice, today(invoice.company)))


def reissue(invoice: Invoice, data: InvoiceData, money: MoneyReceived, by: User | None = None) -> Invoice:
    """Void the disputed invoice and put a corrected copy in its place, under the next number. Raises NotAllowed."""
    lock_company(invoice.company_id)  # for the number, and before the invoice (accounts/locking.py)
    _lock_disputed(invoice, "is not reissued")
    corrected = create_draft(invoice.company, data, by)
    corrected.replaces_id = invoice.id
    if (corrected.customer_id, corrected.location_id) == (invoice.customer_id, invoice.location_id):
        corrected.place = invoice.place  # as it was sent, whatever became of the location since
    history.note(corrected, f"reissued it in place of {invoice.number}", by)
    finalise(corrected, by)
    if invoice.paid_total:
        _deal_with_money(invoice, corrected, money, by)
    history.note(invoice, f"voided it and reissued it as {corrected.number}", by)
    make_void(invoice)
    return corrected


def _lock_disputed(invoice: Invoice, otherwise: str) -> None:
    lock(invoice)
    if invoice.status is not InvoiceStatus.DISPUTED:
        raise NotAllowed(f"{named(invoice)} {otherwise}.")


def _deal_with_money(invoice: Invoice, corrected: Invoice, money: MoneyReceived, by: User | None) -> None:
    match money:
        case MoneyReceived.MOVE:
            _move(invoice, corrected, by)
        case MoneyReceived.GIVE_BACK:
            reason, day = f"Reissued as {corrected.number}", today(invoice.company)
            for method, amount in _received_by_method(invoice).items():
                give_back(invoice, RefundData(amount, method, day, reason), by)


def _received_by_method(invoice: Invoice) -> dict[PaymentMethod, Decimal]:
    """It goes back as it came in."""
    received: dict[PaymentMethod, Decimal] = {}
    for payment in invoice.payments:
        if payment.taken_back_at is None:
            received[payment.method] = received.get(payment.method, ZERO) + payment.amount
    return received


def _move(invoice: Invoice, corrected: Invoice, by: User | None) -> None:
    """Payments go over whole, so the corrected invoice has to hold them all."""
    received = invoice.paid_total
    _check_takes(corrected, invoice, received)
    moved = [payment for payment in invoice.payments if payment.taken_back_at is None]
    for payment in moved:
        payment.invoice = corrected
    invoice.paid_total -= received
    corrected.paid_total = received
    history.note(corrected, f"moved {history.money(corrected, received)} here from {invoice.number}", by)
    mark_sent(corrected, by, how="counted it as sent, because money is on it")
    payments_changed.send(invoice.company_id, ids=[payment.id for payment in moved])


def _check_takes(corrected: Invoice, invoice: Invoice, received: Decimal) -> None:
    paid, total = history.money(invoice, received), history.money(corrected, corrected.total)
    if received > corrected.total:
        raise NotAllowed(
            f"{paid} was received, more than the corrected total of {total}. Give it back instead."
        )
    if corrected.customer_id != invoice.customer_id:
        raise NotAllowed(f"{paid} was received from {invoice.customer.name}. Give it back instead.")
