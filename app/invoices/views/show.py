"""An invoice as a document with its money and its history, and the plain steps an owner takes on it."""

from functools import partial

from flask import Response, render_template, request
from flask_login import current_user

from app.accounts.guards import get_or_404, office_only, owner_only
from app.accounts.logos import logo_of
from app.invoices import lifecycle
from app.invoices.dates import today
from app.invoices.delivery import deliveries, was_emailed
from app.invoices.forms.steps import StepForm
from app.invoices.lateness import days_late
from app.invoices.models import Invoice
from app.invoices.offers import Step, may_take_back, offers
from app.invoices.pdf import unprintable
from app.invoices.views import blueprint
from app.invoices.views.steps import ask_and_take, take_step
from app.web.slots import slot


@blueprint.get("/<int:invoice_id>")
@office_only
def show(invoice_id: int) -> str:
    invoice = get_or_404(Invoice, invoice_id)
    is_owner = current_user.is_owner
    return render_template(
        "invoices/show.html",
        logo=logo_of(invoice.company),
        unprintable=unprintable(invoice),
        returnable=[payment for payment in invoice.payments if is_owner and may_take_back(payment)],
        **followed(invoice),
    )


def followed(invoice: Invoice) -> dict[str, object]:
    """What the parts of its page show that are swapped when an e-mail has left."""
    mailed = deliveries(invoice)
    return {
        "invoice": invoice,
        "late": days_late(invoice, today(invoice.company)),
        "steps": offers(invoice) if current_user.is_owner else [],
        "deliveries": mailed,
        "was_emailed": was_emailed(mailed),
        "are_waiting": any(not delivery.message.state.is_final for delivery in mailed),
    }


@blueprint.post("/<int:invoice_id>/finalise")
@owner_only
def finalise(invoice_id: int) -> Response | str:
    """Asks once where another room objects."""
    invoice = get_or_404(Invoice, invoice_id)
    objections = slot("finalise_objections", invoice=invoice)
    if objections and "all_the_same" not in request.form:
        return render_template("invoices/finalise.html", invoice=invoice, objections=objections)
    return take_step(invoice_id, partial(lifecycle.finalise, by=current_user), "is finalised.")


@blueprint.post("/<int:invoice_id>/send")
@owner_only
def send(invoice_id: int) -> Response:
    return take_step(invoice_id, partial(lifecycle.mark_sent, by=current_user), "is marked as sent.")


@blueprint.route("/<int:invoice_id>/void", methods=["GET", "POST"])
@owner_only
def void(invoice_id: int) -> Response:
    return ask_and_take(Step.VOID, invoice_id, StepForm, _void)


def _void(invoice: Invoice, _: StepForm) -> str:
    lifecycle.void(invoice, by=current_user)
    return f"{invoice.number} is void."
