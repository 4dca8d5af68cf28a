"""Customers: the list, one customer, the form, and the import from a CSV file."""

from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from sqlalchemy.orm import selectinload

from app.csv_import.forms import UploadForm
from app.csv_import.gate import bulk_import_only
from app.csv_import.reading import Table
from app.csv_import.uploads import keep_upload, upload_or_404
from app.customers import csv_import
from app.customers.forms import CustomerForm
from app.customers.models import Customer
from app.customers.records import create_customer, create_customers, update_customer
from app.customers.search import matching
from app.extensions import db
from app.web.guards import company_scoped, current_company, get_or_404, office_only, signed_in
from app.web.htmx import render_invalid, render_page_or_fragment, see_other
from app.web.keyset import requested_page

blueprint = Blueprint("customers", __name__, url_prefix="/customers")


@blueprint.get("")
@signed_in
def index() -> Response:
    words = request.args.get("q", "").strip()
    query = company_scoped(Customer).options(selectinload(Customer.locations))
    page = requested_page(matching(query, words), sort=(Customer.name, Customer.id))
    return render_page_or_fragment("customers/index.html", "customers/_list.html", page=page, words=words)


@blueprint.get("/<int:customer_id>")
@signed_in
def show(customer_id: int) -> str:
    return render_template("customers/show.html", customer=get_or_404(Customer, customer_id))


@blueprint.route("/new", methods=["GET", "POST"])
@office_only
def new() -> Response:
    form = CustomerForm()
    if not form.is_ready():
        return _form_page(form)
    customer = create_customer(current_company(), form.to_data())
    db.session.commit()
    flash(f"{customer.name} was added.", "success")
    return see_other(url_for("customers.show", customer_id=customer.id))


@blueprint.route("/<int:customer_id>/edit", methods=["GET", "POST"])
@office_only
def edit(customer_id: int) -> Response:
    customer = get_or_404(Customer, customer_id)
    form = CustomerForm(customer)
    if not form.is_ready():
        return _form_page(form)
    update_customer(customer, form.to_data())
    db.session.commit()
    flash(f"{customer.name} was saved.", "success")
    return see_other(url_for("customers.show", customer_id=customer.id))


@blueprint.get("/import/template")
@office_only
@bulk_import_only
def import_template() -> Response:
    headers = {"Content-Disposition": "attachment; filename=customers-template.csv"}
    content = "\ufeff" + csv_import.template()  # with the mark Excel reads, and later saves, UTF-8
    return Response(content, mimetype="text/csv", headers=headers)


@blueprint.route("/import", methods=["GET", "POST"])
@office_only
@bulk_import_only
def import_csv() -> Any:
    form = UploadForm()
    if not form.validate_on_submit():
        render = render_invalid if form.errors else render_template
        return render("customers/import.html", form=form)
    table = csv_import.check(current_company(), form.content)
    if table.problems:
        return render_invalid("customers/import.html", form=form, problems=table.problems)
    upload = keep_upload(csv_import.KIND, form.content)
    db.session.commit()
    return see_other(url_for("customers.import_preview", upload_id=upload.id))


@blueprint.get("/import/<int:upload_id>")
@office_only
@bulk_import_only
def import_preview(upload_id: int) -> Any:
    upload = upload_or_404(csv_import.KIND, upload_id)
    return _preview(upload.id, csv_import.check(current_company(), upload.content))


@blueprint.post("/import/<int:upload_id>")
@office_only
@bulk_import_only
def confirm_import(upload_id: int) -> Any:
    """The file is checked again: the company may have changed since the preview."""
    upload = upload_or_404(csv_import.KIND, upload_id, lock=True)
    table = csv_import.check(current_company(), upload.content)
    if table.problems:
        return _preview(upload.id, table)
    customers = create_customers(current_company(), [csv_import.to_data(row) for row in table.rows])
    db.session.delete(upload)
    db.session.commit()
    flash(f"{len(customers)} customer{'s were' if len(customers) > 1 else ' was'} imported.", "success")
    return see_other(url_for("customers.index"))


def _form_page(form: CustomerForm) -> Response:
    page = render_page_or_fragment("customers/form.html", "customers/_locations.html", form=form)
    page.status_code = 422 if form.errors else 200
    return page


def _preview(upload_id: int, table: Table) -> Any:
    if table.problems:
        return render_invalid("customers/import.html", form=UploadForm(), problems=table.problems)
    return render_template("customers/import_preview.html", upload_id=upload_id, rows=table.rows)
