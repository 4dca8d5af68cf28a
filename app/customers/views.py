"""Customers: the list, one customer, the form, and the import from a CSV file."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from sqlalchemy.orm import selectinload

from app.accounts.guards import company_scoped, current_company, dispatch_only, get_or_404, signed_in
from app.csv_import.gate import bulk_import_only
from app.csv_import.pages import ImportPages
from app.customers.csv_import.importer import IMPORTER, template
from app.customers.forms import CustomerForm
from app.customers.models import Customer
from app.customers.records import create_customer, lock, update_customer
from app.customers.search import matching
from app.extensions import db
from app.web.htmx import render_page_or_fragment, see_other
from app.web.keyset import requested_page

blueprint = Blueprint("customers", __name__, url_prefix="/customers")
IMPORT = ImportPages(IMPORTER, template)


@blueprint.get("")
@signed_in
def index() -> Response:
    words = request.args.get("q", "").strip()
    query = company_scoped(Customer).options(selectinload(Customer.locations))
    page = requested_page(matching(query, current_company().id, words), sort=(Customer.name, Customer.id))
    return render_page_or_fragment("customers/index.html", "customers/_list.html", page=page, words=words)


@blueprint.get("/<int:customer_id>")
@signed_in
def show(customer_id: int) -> str:
    return render_template("customers/show.html", customer=get_or_404(Customer, customer_id))


@blueprint.route("/new", methods=["GET", "POST"])
@dispatch_only
def new() -> Response:
    form = CustomerForm()
    if not form.is_ready():
        return _form_page(form)
    customer = create_customer(current_company(), form.to_data())
    db.session.commit()
    flash(f"{customer.name} was added.", "success")
    return see_other(url_for("customers.show", customer_id=customer.id))


@blueprint.route("/<int:customer_id>/edit", methods=["GET", "POST"])
@dispatch_only
def edit(customer_id: int) -> Response:
    customer = get_or_404(Customer, customer_id)
    if request.method == "POST":
        lock(customer)
    form = CustomerForm(customer)
    if not form.is_ready():
        return _form_page(form)
    update_customer(customer, form.to_data())
    db.session.commit()
    flash(f"{customer.name} was saved.", "success")
    return see_other(url_for("customers.show", customer_id=customer.id))


@blueprint.get("/import/template")
@dispatch_only
@bulk_import_only
def import_template() -> Response:
    return IMPORT.download_template()


@blueprint.route("/import", methods=["GET", "POST"])
@dispatch_only
@bulk_import_only
def import_csv() -> Any:
    return IMPORT.choose_file()


@blueprint.get("/import/<int:upload_id>")
@dispatch_only
@bulk_import_only
def import_preview(upload_id: int) -> Any:
    return IMPORT.preview(upload_id)


@blueprint.route("/import/<int:upload_id>/columns", methods=["GET", "POST"])
@dispatch_only
@bulk_import_only
def import_columns(upload_id: int) -> Any:
    return IMPORT.columns(upload_id)


@blueprint.post("/import/<int:upload_id>")
@dispatch_only
@bulk_import_only
def confirm_import(upload_id: int) -> Any:
    return IMPORT.confirm(upload_id)


def _form_page(form: CustomerForm) -> Response:
    page = render_page_or_fragment("customers/form.html", "customers/_locations.html", form=form)
    page.status_code = 422 if form.errors else 200
    return page
