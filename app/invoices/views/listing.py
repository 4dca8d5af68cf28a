"""The list of invoices, and one row of it for whoever wants to refresh it."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from flask import Response, render_template, request, url_for
from flask_login import current_user

from app.accounts.guards import company_scoped, current_company, get_or_404, office_only, owner_only
from app.csv_export.asking import own_exports
from app.extensions import db
from app.invoices import lifecycle
from app.invoices.dates import today
from app.invoices.lateness import days_late
from app.invoices.listing import export
from app.invoices.listing.choice import PAGE_SIZES
from app.invoices.listing.page import list_page
from app.invoices.models import Invoice
from app.invoices.offers import offers
from app.invoices.views import blueprint
from app.web import request_limits
from app.web.addresses import own_page
from app.web.htmx import render_page_or_fragment, see_other, tell
from app.web.slots import slot, slot_rows


@blueprint.get("")
@office_only
def index() -> Response:
    shown = list_page(current_company())
    is_long = shown.found.number > export.ROWS_AT_ONCE
    return render_page_or_fragment(
        "invoices/index.html",
        "invoices/_list.html",
        list=shown,
        page_sizes=PAGE_SIZES,
        is_long=is_long,
        own_exports=own_exports(export.EXPORTER) if is_long else (),
        **_row_context(shown.page.records),
    )


@blueprint.post("/selected/sent")
@owner_only
def mark_selected_sent() -> Response:
    """Those that can be; the others stay as they are, and the answer says how many."""
    ids = selected_ids()
    sent = [invoice for invoice in selected(ids) if _mark_sent(invoice)]
    db.session.commit()
    left = f" {len(ids) - len(sent)} could not be." if len(sent) < len(ids) else ""
    return tell(
        back_to_list(),
        f"{counted_invoices(len(sent))} marked as sent.{left}",
        "success" if sent else "warning",
    )


def _mark_sent(invoice: Invoice) -> bool:
    try:
        lifecycle.mark_sent(invoice, by=current_user)
    except lifecycle.NotAllowed:
        return False
    return True


def selected_ids() -> list[int]:
    """The ticked rows, as many as one page can have."""
    return request.form.getlist("ids", type=request_limits.record_id)[: max(PAGE_SIZES)]


def selected(ids: list[int]) -> Sequence[Invoice]:
    """In the order in which all steps lock them."""
    return db.session.scalars(company_scoped(Invoice).where(Invoice.id.in_(ids)).order_by(Invoice.id)).all()


def counted_invoices(number: int) -> str:
    return f"{number} invoice was" if number == 1 else f"{number} invoices were"


def back_to_list() -> Response:
    """With the search and the page that the person left."""
    return see_other(own_page(request.referrer) or url_for("invoices.index"))


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


def _days_late(day: date, invoice: Invoice) -> int:
    return days_late(invoice, day)


def _row_context(invoices: Sequence[Invoice]) -> dict[str, object]:
    """What _row.html needs besides its invoice, fetched once for all rows."""
    return {
        "offers": offers,
        "days_late": partial(_days_late, today(current_company())),
        "row_actions": slot_rows("invoice_row_actions", invoices=invoices),
        "row_heads": slot("invoice_list_head"),
        "row_badges": slot_rows("invoice_row_badges", invoices=invoices),
    }
