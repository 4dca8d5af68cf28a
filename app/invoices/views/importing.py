"""Invoices from a CSV file: choose it, see what it holds, import it."""

from typing import Any

from flask import Response, flash, render_template, url_for

from app.csv_import.forms import UploadForm
from app.csv_import.gate import bulk_import_only
from app.csv_import.uploads import keep_upload, upload_or_404
from app.extensions import db
from app.invoices import csv_import
from app.invoices.records import create_imported
from app.invoices.views import blueprint
from app.web.guards import current_company, owner_only
from app.web.htmx import render_invalid, see_other


@blueprint.get("/import/template")
@owner_only
@bulk_import_only
def import_template() -> Response:
    headers = {"Content-Disposition": "attachment; filename=invoices-template.csv"}
    content = "\ufeff" + csv_import.template()  # with the mark Excel reads, and later saves, UTF-8
    return Response(content, mimetype="text/csv", headers=headers)


@blueprint.route("/import", methods=["GET", "POST"])
@owner_only
@bulk_import_only
def import_csv() -> Any:
    form = UploadForm()
    if not form.validate_on_submit():
        render = render_invalid if form.errors else render_template
        return render("invoices/import.html", form=form)
    batch = csv_import.check(current_company(), form.content)
    if batch.problems:
        return render_invalid("invoices/import.html", form=form, problems=batch.problems)
    upload = keep_upload(csv_import.KIND, form.content)
    db.session.commit()
    return see_other(url_for("invoices.import_preview", upload_id=upload.id))


@blueprint.get("/import/<int:upload_id>")
@owner_only
@bulk_import_only
def import_preview(upload_id: int) -> Any:
    upload = upload_or_404(csv_import.KIND, upload_id)
    return _preview(csv_import.check(current_company(), upload.content))


@blueprint.post("/import/<int:upload_id>")
@owner_only
@bulk_import_only
def confirm_import(upload_id: int) -> Any:
    """The file is checked again: the company may have changed since the preview."""
    upload = upload_or_404(csv_import.KIND, upload_id, lock=True)
    batch = csv_import.check(current_company(), upload.content)
    if batch.problems:
        return _preview(batch)
    invoices = create_imported(
        current_company(), [(found.number, found.to_data()) for found in batch.invoices]
    )
    db.session.delete(upload)
    db.session.commit()
    flash(f"{len(invoices)} invoice{'s were' if len(invoices) > 1 else ' was'} imported.", "success")
    return see_other(url_for("invoices.index"))


def _preview(batch: csv_import.Batch) -> Any:
    if batch.problems:
        return render_invalid("invoices/import.html", form=UploadForm(), problems=batch.problems)
    return render_template("invoices/import_preview.html", batch=batch)
