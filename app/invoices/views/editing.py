"""Writing an invoice: a new draft, an edit of all of it, or of what may change once it was sent."""

from flask import Response, flash, render_template, request, url_for
from flask_login import current_user

from app.accounts.guards import current_company, get_or_404, owner_only
from app.extensions import db
from app.invoices.forms.aftercare import AftercareForm
from app.invoices.forms.customer_picker import find_customers
from app.invoices.forms.invoice import InvoiceForm
from app.invoices.items_used import items_used
from app.invoices.lifecycle import NotAllowed, lock
from app.invoices.models import Invoice
from app.invoices.records import create_draft, update_invoice
from app.invoices.statuses import EDITING, Editing
from app.invoices.views import blueprint
from app.invoices.views.steps import back_to
from app.web import slots
from app.web.htmx import render_invalid, render_page_or_fragment, see_other, wants_fragment


@blueprint.route("/new", methods=["GET", "POST"])
@owner_only
def new() -> Response:
    form = InvoiceForm(current_company())
    if not form.is_ready():
        return _form_page(form)
    invoice = create_draft(current_company(), form.to_data(), by=current_user)
    db.session.commit()
    flash(f"{invoice.number} was saved as a draft.", "success")
    return see_other(url_for("invoices.show", invoice_id=invoice.id))


@blueprint.get("/customers")
@owner_only
def customers() -> str:
    """The customers who match what is being typed into the form's search field."""
    matches = find_customers(request.args.get("customer_search", "").strip())
    return render_template("invoices/_customer_matches.html", matches=matches)


@blueprint.get("/items")
@owner_only
def items() -> str:
    """The items to choose from in a line, as far as it is typed; the field's name says which line."""
    typed, company_id = next(iter(request.args.values()), ""), current_user.company_id
    used = items_used(company_id)
    others = slots.slot("invoice_item_names", company_id=company_id, used=used, typed=typed)
    return render_template("invoices/_item_names.html", used=used, others=others)


@blueprint.route("/<int:invoice_id>/edit", methods=["GET", "POST"])
@owner_only
def edit(invoice_id: int) -> Response | str:
    invoice = get_or_404(Invoice, invoice_id)
    if request.method == "POST":
        lock(invoice)
    match EDITING[invoice.status]:
        case Editing.EVERYTHING:
            return _edit_everything(invoice)
        case _ if request.method == "POST" and wants_fragment():
            # A form asks for its sums, and its invoice was sent meanwhile: saving will tell.
            return Response(status=204)
        case Editing.AFTERCARE:
            return _edit_aftercare(invoice)
    flash(f"{invoice.number} can no longer be changed.", "error")
    return see_other(url_for("invoices.show", invoice_id=invoice.id))


def _edit_everything(invoice: Invoice) -> Response:
    form = InvoiceForm(current_company(), invoice)
    return (form.is_ready() and _save(invoice, form)) or _form_page(form)


def _edit_aftercare(invoice: Invoice) -> Response | str:
    form = AftercareForm(invoice)
    if form.is_ready() and (saved := _save(invoice, form)):
        return saved
    render = render_invalid if form.errors else render_template
    return render("invoices/edit_aftercare.html", form=form)


def _save(invoice: Invoice, form: InvoiceForm | AftercareForm) -> Response | None:
    """None where the form has to say why not: nothing that was typed is lost."""
    try:
        update_invoice(invoice, form.to_data(), by=current_user)
    except NotAllowed as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return None
    db.session.commit()
    flash(f"{invoice.number} was saved.", "success")
    return back_to(invoice)


def _form_page(form: InvoiceForm) -> Response:
    page = render_page_or_fragment("invoices/form.html", "invoices/_form.html", form=form)
    page.status_code = 422 if form.errors else 200
    return page
