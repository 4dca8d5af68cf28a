"""An invoice as a document, and the steps an owner takes on it."""

from flask import Response, render_template, url_for

from app.invoices import lifecycle
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.views import blueprint
from app.invoices.views.steps import take_step
from app.web.guards import get_or_404, office_only, owner_only
from app.web.htmx import see_other


@blueprint.get("/<int:invoice_id>")
@office_only
def show(invoice_id: int) -> str:
    invoice = get_or_404(Invoice, invoice_id)
    return render_template(
        "invoices/show.html",
        invoice=invoice,
        next_statuses=lifecycle.ALLOWED[invoice.status],
        is_editable=lifecycle.is_editable(invoice),
    )


@blueprint.post("/<int:invoice_id>/finalise")
@owner_only
def finalise(invoice_id: int) -> Response:
    return take_step(invoice_id, lifecycle.finalise, "is finalised.")


@blueprint.post("/<int:invoice_id>/send")
@owner_only
def send(invoice_id: int) -> Response:
    return take_step(invoice_id, lifecycle.mark_sent, "is marked as sent.")


@blueprint.get("/<int:invoice_id>/void")
@owner_only
def confirm_void(invoice_id: int) -> Response | str:
    """The question on a page of its own, for browsers without script."""
    invoice = get_or_404(Invoice, invoice_id)
    if not lifecycle.may_become(invoice, InvoiceStatus.VOID):
        return see_other(url_for("invoices.show", invoice_id=invoice.id))
    return render_template("invoices/void.html", invoice=invoice)


@blueprint.post("/<int:invoice_id>/void")
@owner_only
def void(invoice_id: int) -> Response:
    return take_step(invoice_id, lifecycle.void, "is void.")
