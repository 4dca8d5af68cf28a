"""Sending an invoice by e-mail, and what became of it."""

import secrets

from flask import Response, make_response, render_template, request
from flask_login import current_user

from app.accounts.guards import get_or_404, office_only, owner_only
from app.invoices.delivery import Letter, lock_to_send, proposed, send_by_email
from app.invoices.forms.steps import EmailForm
from app.invoices.models import Invoice
from app.invoices.offers import Step, is_offered
from app.invoices.pdf import unprintable
from app.invoices.views import blueprint
from app.invoices.views.show import followed
from app.invoices.views.steps import ask, back_to, no_longer_offered
from app.web.htmx import wants_fragment


@blueprint.route("/<int:invoice_id>/email", methods=["GET", "POST"])
@owner_only
def email(invoice_id: int) -> Response:
    return _ask_and_send(Step.EMAIL, invoice_id)


@blueprint.route("/<int:invoice_id>/email-again", methods=["GET", "POST"])
@owner_only
def email_again(invoice_id: int) -> Response:
    return _ask_and_send(Step.EMAIL_AGAIN, invoice_id)


@blueprint.get("/<int:invoice_id>/deliveries")
@office_only
def show_deliveries(invoice_id: int) -> Response:
    """Polled while a message is on its way; `shown` is the status that the rest of the page shows."""
    invoice = get_or_404(Invoice, invoice_id)
    if not wants_fragment():
        return back_to(invoice)
    context, parts = followed(invoice), ["deliveries"]
    if not context["are_waiting"] or request.args.get("shown") != invoice.status:
        parts += ["head", "actions"]
    pages = (render_template(f"invoices/_{part}.html", in_place=True, **context) for part in parts)
    return make_response("".join(pages))


def _ask_and_send(step: Step, invoice_id: int) -> Response:
    invoice = get_or_404(Invoice, invoice_id)
    if request.method == "POST":
        lock_to_send(invoice)
    if not is_offered(step, invoice):
        return no_longer_offered(invoice)
    form = EmailForm(invoice, once=secrets.token_hex(8), **proposed(invoice))
    return ask("invoices/_email.html", form, lambda: _send(invoice, form), unprintable=unprintable(invoice))


def _send(invoice: Invoice, form: EmailForm) -> str:
    letter = Letter(form.recipient.data, form.subject.data, form.text.data, form.once.data)
    send_by_email(invoice, letter, by=current_user)
    return f"{invoice.number} was handed to the mail for {letter.recipient}. Its page says what became of it."
