"""The list of invoices, and one row of it for whoever wants to refresh it."""

from collections.abc import Sequence

from flask import Response, render_template, request
from sqlalchemy.orm import selectinload

from app.accounts.guards import company_scoped, current_company, get_or_404, office_only
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.offers import offers
from app.invoices.search import matching
from app.invoices.views import blueprint
from app.web.htmx import render_page_or_fragment
from app.web.keyset import requested_page
from app.web.slots import slot_rows


@blueprint.get("")
@office_only
def index() -> Response:
    words = request.args.get("q", "").strip()
    status = request.args.get("status", type=InvoiceStatus)
    query = company_scoped(Invoice).options(selectinload(Invoice.customer))
    page = requested_page(
        matching(query, current_company().id, words, status),
        sort=(Invoice.issue_date, Invoice.id),
        descending=True,
    )
    return render_page_or_fragment(
        "invoices/index.html",
        "invoices/_list.html",
        page=page,
        words=words,
        status=status,
        statuses=InvoiceStatus,
        **_row_context(page.records),
    )


@blueprint.get("/<int:invoice_id>/row")
@office_only
def row(invoice_id: int) -> str:
    invoice = get_or_404(Invoice, invoice_id)
    return render_template("invoices/_row.html", invoice=invoice, **_row_context([invoice]))


def render_rows(invoices: Sequence[Invoice]) -> str:
    """For a page that shows them already: each takes the place of its row, wherever that is.

    A template element, because a table row outside of a table is no HTML (htmx: hx-swap-oob).
    """
    context = _row_context(invoices)
    rows = (
        render_template("invoices/_row.html", invoice=invoice, in_place=True, **context)
        for invoice in invoices
    )
    return "".join(f"<template>{row}</template>" for row in rows)


def _row_context(invoices: Sequence[Invoice]) -> dict[str, object]:
    """What _row.html needs besides its invoice, fetched once for all rows."""
    return {
        "offers": offers,
        "row_actions": slot_rows("invoice_row_actions", invoices=invoices),
        "row_badges": slot_rows("invoice_row_badges", invoices=invoices),
    }
