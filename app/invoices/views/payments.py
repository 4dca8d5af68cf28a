"""Money for an invoice: received, and taken back when it was recorded by mistake."""

from flask import Response
from flask_login import current_user

from app.accounts.guards import get_or_404, owner_only
from app.invoices import payments
from app.invoices.forms.money import PaymentForm
from app.invoices.forms.steps import StepForm
from app.invoices.models import Invoice, Payment
from app.invoices.offers import Step, may_take_back
from app.invoices.views import blueprint
from app.invoices.views.steps import ask, ask_and_take, no_longer_offered
from app.web.template_helpers import money


@blueprint.route("/<int:invoice_id>/payments/new", methods=["GET", "POST"])
@owner_only
def record_payment(invoice_id: int) -> Response:
    return ask_and_take(Step.RECORD_PAYMENT, invoice_id, PaymentForm, _record)


def _record(invoice: Invoice, form: PaymentForm) -> str:
    payment = payments.record_payment(invoice, form.to_data(), by=current_user)
    left = f"{money(invoice.balance)} is left to pay." if invoice.balance else "It is paid in full."
    return f"A payment of {money(payment.amount)} was recorded for {invoice.number}. {left}"


@blueprint.route("/payments/<int:payment_id>/take-back", methods=["GET", "POST"])
@owner_only
def take_back_payment(payment_id: int) -> Response:
    payment = get_or_404(Payment, payment_id)
    if not may_take_back(payment):
        return no_longer_offered(payment.invoice)
    return ask(
        "invoices/_take_back_payment.html",
        StepForm(payment.invoice),
        lambda: _take_back(payment),
        payment=payment,
    )


def _take_back(payment: Payment) -> str:
    payments.take_back(payment, by=current_user)
    return f"The payment of {money(payment.amount)} was taken back."
