"""The list of invoices as a CSV file: at once, or made by a worker when it is long."""

import gzip
import io
from collections.abc import Iterator
from typing import Any

from flask import Response, flash, render_template, request, url_for

from app import job_progress
from app.accounts.guards import company_scoped, current_company, office_only
from app.csv_export.asking import TooManyFiles, ask, export_or_404
from app.extensions import db
from app.invoices.listing import export
from app.invoices.listing.choice import ListChoice
from app.invoices.models import Invoice
from app.invoices.views import blueprint
from app.invoices.views.listing import back_to_list, selected_ids
from app.lib import days
from app.web.csv_download import csv_stream
from app.web.htmx import render_page_or_fragment, see_other

READ_AT_ONCE = 64 * 1024


@blueprint.get("/invoices.csv")
@office_only
def download() -> Any:
    """Everything that the list's address matches, not its page alone; a long list is asked for by a button."""
    company = current_company()
    if export.is_long(company, request.args):
        return render_template("invoices/export_ask.html", number=export.count(company, request.args))
    return csv_stream("invoices", export.header(), export.matching_rows(company, request.args))


@blueprint.post("/selected/csv")
@office_only
def download_selected() -> Response:
    company = current_company()
    chosen = company_scoped(Invoice).where(Invoice.id.in_(selected_ids()))
    choice = ListChoice.of(request.args, company)
    return csv_stream("invoices", export.header(), export.rows(company, chosen, choice.order))


@blueprint.post("/exports")
@office_only
def start_export() -> Response:
    try:
        asked = ask(export.EXPORTER, request.query_string.decode("ascii", "replace"))
    except TooManyFiles as refusal:
        db.session.rollback()
        flash(str(refusal), "error")
        return back_to_list()
    return see_other(url_for(".show_export", export_id=asked.id))


@blueprint.get("/exports/<int:export_id>")
@office_only
def show_export(export_id: int) -> Response:
    asked = export_or_404(export.EXPORTER, export_id)
    percent = job_progress.told(f"csv_export:{asked.id}")
    return render_page_or_fragment(
        "invoices/export.html", "invoices/_export.html", export=asked, percent=percent
    )


@blueprint.get("/exports/<int:export_id>/invoices.csv")
@office_only
def download_export(export_id: int) -> Response:
    asked = export_or_404(export.EXPORTER, export_id)
    if not asked.is_ready:
        return see_other(url_for(".show_export", export_id=asked.id))
    day = days.of(asked.created_at, current_company().time_zone)
    name = f"attachment; filename=invoices-{day:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return Response(_unpacked(asked.content or b""), mimetype="text/csv", headers=headers)


def _unpacked(content: bytes) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
        while piece := file.read(READ_AT_ONCE):
            yield piece
