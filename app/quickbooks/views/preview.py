"""Before a Force re-sync: both sides, what differs, and the choice to overwrite or to leave it."""

from flask import Response
from flask_login import current_user
from htmx_flask import request

from app.accounts.guards import get_or_404, office_only
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks import orders
from app.quickbooks.models import Connection, RecordKind
from app.quickbooks.pages import preview as previews
from app.quickbooks.views import blueprint
from app.quickbooks.views.answer_target import asked_at, leave
from app.quickbooks.views.invoice_actions import CHANGED, action_or_leave
from app.quickbooks.views.signed_preview import Seen, seal, unseal
from app.web.htmx import render_page_or_fragment

NOT_LINKED = "It is not linked with an invoice in QuickBooks."
LOOK_AGAIN = "What was shown of QuickBooks is out of date. Look at both sides again."


@blueprint.get("/invoices/<int:invoice_id>/quickbooks/preview")
@office_only
def preview(invoice_id: int) -> Response:
    invoice = get_or_404(Invoice, invoice_id)
    connection, action = action_or_leave(invoice)
    try:
        shown = previews.look(connection, invoice)
    except LookupError:
        leave(invoice, CHANGED.format(invoice.number, NOT_LINKED))
    if shown.agrees:
        orders.forget_difference(connection, RecordKind.INVOICE, invoice.id)
        db.session.commit()
    return render_page_or_fragment(
        "quickbooks/preview.html",
        "quickbooks/_preview.html",
        invoice=invoice,
        action=action,
        preview=shown,
        seen=seal(invoice, shown),
        place=asked_at(invoice),
    )


@blueprint.post("/invoices/<int:invoice_id>/quickbooks/left-different")
@office_only
def leave_different(invoice_id: int) -> Response:
    """QuickBooks keeps what it has, and the invoice says so."""
    invoice = get_or_404(Invoice, invoice_id)
    connection, action = action_or_leave(invoice)
    seen = unseal(invoice, request.form.get("seen", ""))
    if not seen.differences:
        leave(invoice, f"Nothing was done about {invoice.number}. {LOOK_AGAIN}")
    if action.enabled:
        try:
            _leave(connection, invoice, seen)
        except ValueError as error:
            return asked_at(invoice).refuse(str(error))
        db.session.commit()
    return asked_at(invoice).show()


def _leave(connection: Connection, invoice: Invoice, seen: Seen) -> None:
    by, told = current_user.name, seen.differences
    orders.leave_different(connection, RecordKind.INVOICE, invoice.id, by, told, seen.remote_id)
