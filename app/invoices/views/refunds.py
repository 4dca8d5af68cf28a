"""Giving money back on an invoice."""

from flask import Response
from flask_login import current_user

from app.accounts.guards import owner_only
from app.invoices.forms.money import RefundForm
from app.invoices.models import Invoice
from app.invoices.offers import Step
from app.invoices.refunds import record_refund
from app.invoices.views import blueprint
from app.invoices.views.steps import ask_and_take
from app.web.template_helpers import money


@blueprint.route("/<int:invoice_id>/refunds/new", methods=["GET", "POST"])
@owner_only
def refund(invoice_id: int) -> Response:
    return ask_and_take(Step.REFUND, invoice_id, RefundForm, _record)


def _record(invoice: Invoice, form: RefundForm) -> str:
    given_back = record_refund(invoice, form.to_data(), by=current_user)
    return f"A refund of {money(given_back.amount)} was recorded for {invoice.number}."
