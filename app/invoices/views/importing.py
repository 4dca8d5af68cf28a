"""Invoices from a CSV file: choose it, see what it holds, import it."""

from typing import Any

from flask import Response

from app.accounts.guards import owner_only
from app.csv_import.gate import bulk_import_only
from app.csv_import.pages import ImportPages
from app.invoices.csv_import.importer import IMPORTER, template
from app.invoices.views import blueprint

IMPORT = ImportPages(IMPORTER, template)


@blueprint.get("/import/template")
@owner_only
@bulk_import_only
def import_template() -> Response:
    return IMPORT.download_template()


@blueprint.route("/import", methods=["GET", "POST"])
@owner_only
@bulk_import_only
def import_csv() -> Any:
    return IMPORT.choose_file()


@blueprint.get("/import/<int:upload_id>")
@owner_only
@bulk_import_only
def import_preview(upload_id: int) -> Any:
    return IMPORT.preview(upload_id)


@blueprint.route("/import/<int:upload_id>/columns", methods=["GET", "POST"])
@owner_only
@bulk_import_only
def import_columns(upload_id: int) -> Any:
    return IMPORT.columns(upload_id)


@blueprint.post("/import/<int:upload_id>")
@owner_only
@bulk_import_only
def confirm_import(upload_id: int) -> Any:
    return IMPORT.confirm(upload_id)
