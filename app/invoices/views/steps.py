"""Taking a step on an invoice: done and committed, or refused in words."""

from collections.abc import Callable

from flask import Response, flash, url_for

from app.extensions import db
from app.invoices.lifecycle import NotAllowed
from app.invoices.models import Invoice
from app.web.guards import get_or_404
from app.web.htmx import see_other


def take_step(invoice_id: int, step: Callable[[Invoice], None], done: str) -> Response:
    """`done` ends the sentence that begins with the invoice's number."""
    invoice = get_or_404(Invoice, invoice_id)
    try:
        step(invoice)
    except NotAllowed as refusal:
        db.session.rollback()
        flash(str(refusal), "error")
    else:
        db.session.commit()
        flash(f"{invoice.number} {done}", "success")
    return see_other(url_for("invoices.show", invoice_id=invoice_id))
