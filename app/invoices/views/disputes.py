"""An invoice the customer contests: disputed, then accepted after all or replaced by a corrected one."""

from flask import Response, flash
from flask_login import current_user

from app.accounts.guards import get_or_404, owner_only
from app.extensions import db
from app.invoices import disputes
from app.invoices.forms.reissue import ReissueForm
from app.invoices.forms.steps import DisputeForm, StepForm
from app.invoices.lifecycle import NotAllowed
from app.invoices.models import Invoice
from app.invoices.offers import Step, is_offered
from app.invoices.views import blueprint
from app.invoices.views.steps import ask_and_take, back_to, no_longer_offered
from app.web.htmx import render_page_or_fragment, wants_fragment
from app.web.template_helpers import money


@blueprint.route("/<int:invoice_id>/dispute", methods=["GET", "POST"])
@owner_only
def dispute(invoice_id: int) -> Response:
    return ask_and_take(Step.DISPUTE, invoice_id, DisputeForm, _dispute)


@blueprint.route("/<int:invoice_id>/dispute/withdraw", methods=["GET", "POST"])
@owner_only
def withdraw_dispute(invoice_id: int) -> Response:
    return ask_and_take(Step.WITHDRAW_DISPUTE, invoice_id, StepForm, _withdraw)


def _dispute(invoice: Invoice, form: DisputeForm) -> str:
    disputes.dispute(invoice, form.reason.data, by=current_user)
    return f"{invoice.number} is disputed."


def _withdraw(invoice: Invoice, _: StepForm) -> str:
    disputes.withdraw(invoice, by=current_user)
    return f"The dispute is withdrawn. The status of {invoice.number} is {invoice.status.label} again."


@blueprint.route("/<int:invoice_id>/reissue", methods=["GET", "POST"])
@owner_only
def reissue(invoice_id: int) -> Response:
    """The corrected copy, written in the invoice's own form."""
    invoice = get_or_404(Invoice, invoice_id)
    if not is_offered(Step.REISSUE, invoice):
        # The form's sums may still be on their way when it is saved: their answer must not lead the person away.
        return Response(status=204) if wants_fragment() else no_longer_offered(invoice)
    form = ReissueForm(invoice)
    if form.is_ready() and (corrected := _reissued(invoice, form)):
        flash(_what_replaces(invoice, corrected), "success")
        return back_to(corrected)
    page = render_page_or_fragment("invoices/reissue.html", "invoices/_form.html", form=form)
    page.status_code = 422 if form.errors else 200
    return page


def _what_replaces(invoice: Invoice, corrected: Invoice) -> str:
    done = f"{corrected.number} replaces {invoice.number}, which is void."
    if not corrected.paid_total:
        return done
    paid = money(corrected.paid_total)
    return f"{done} It counts as sent because {paid} is on it. Send it to the customer now."


def _reissued(invoice: Invoice, form: ReissueForm) -> Invoice | None:
    """None after a refusal, which the form then shows."""
    try:
        corrected = disputes.reissue(invoice, form.to_data(), form.money_choice, by=current_user)
    except NotAllowed as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return None
    db.session.commit()
    return corrected
