"""Taking a step on an invoice: asked first where it matters, then done and committed, or refused in words."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, flash, request, url_for

from app.accounts.guards import get_or_404
from app.extensions import db
from app.invoices.forms.steps import StepForm
from app.invoices.lifecycle import NotAllowed, lock
from app.invoices.models import Invoice
from app.invoices.offers import Step, is_offered
from app.web.htmx import render_page_or_fragment, see_other

Form = TypeVar("Form", bound=StepForm)


def take_step(invoice_id: int, step: Callable[[Invoice], object], done: str) -> Response:
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
    return back_to(invoice)


def ask_and_take(
    step: Step, invoice_id: int, form: Callable[[Invoice], Form], take: Callable[[Invoice, Form], str]
) -> Response:
    """The step's question in a dialog or on a page, until its form is valid; then `take` says what it did.

    The form is read under the invoice's lock, so that what it is checked against stays so until the commit.
    """
    invoice = get_or_404(Invoice, invoice_id)
    if request.method == "POST":
        lock(invoice)
    if not is_offered(step, invoice):
        return no_longer_offered(invoice)
    asked = form(invoice)
    return ask(f"invoices/_{step}.html", asked, lambda: take(invoice, asked))


def ask(fragment: str, form: StepForm, take: Callable[[], str], **context: Any) -> Response:
    if form.validate_on_submit():
        try:
            done = take()
        except NotAllowed as refusal:
            db.session.rollback()
            form.form_errors.append(str(refusal))
        else:
            db.session.commit()
            flash(done, "success")
            return back_to(form.invoice)
    page = render_page_or_fragment(
        "invoices/step.html", fragment, fragment=fragment, form=form, invoice=form.invoice, **context
    )
    page.status_code = 422 if form.errors else 200
    return page


def no_longer_offered(invoice: Invoice) -> Response:
    flash(
        f"{invoice.number} is {invoice.status.label.lower()}. That step is not open to it any more.", "error"
    )
    return back_to(invoice)


def back_to(invoice: Invoice) -> Response:
    return see_other(url_for("invoices.show", invoice_id=invoice.id))
