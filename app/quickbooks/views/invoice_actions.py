"""The integration's place in the invoice pages: a row's action and badge, and the action itself."""

from collections.abc import Iterable

from flask import Flask, Response, abort, make_response, redirect, render_template, url_for
from flask_login import current_user
from htmx_flask import request
from markupsafe import Markup

from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks import requests, status
from app.quickbooks.connection import live_connection
from app.quickbooks.models import RecordKind
from app.quickbooks.views import blueprint
from app.web import slots
from app.web.guards import current_company, get_or_404, office_only
from app.web.htmx import wants_fragment


@blueprint.post("/invoices/<int:invoice_id>/quickbooks")
@office_only
def push(invoice_id: int) -> Response:
    """Sync to QuickBooks, Force re-sync, Retry: whatever the label says. `part=panel`: from the invoice's page."""
    invoice = get_or_404(Invoice, invoice_id)
    action = _action(invoice)
    connection = live_connection(current_user.company_id)
    if action is None or action.why_not or connection is None:
        abort(409)
    if action.enabled:
        requests.push(connection, RecordKind.INVOICE, invoice.id, current_user.name)
        db.session.commit()
    return redirect(_where_asked(invoice), code=303)  # type: ignore[return-value]


@blueprint.get("/invoices/<int:invoice_id>/quickbooks")
@office_only
def invoice_panel(invoice_id: int) -> Response:
    """The panel of an invoice's page; polled until the sync is done."""
    invoice = get_or_404(Invoice, invoice_id)
    if not wants_fragment():
        return redirect(url_for("invoices.show", invoice_id=invoice.id))  # type: ignore[return-value]
    return make_response(_invoice_page(invoice))


def _where_asked(invoice: Invoice) -> str:
    """The fragment to swap in, or the page a browser without script was on."""
    on_page = request.args.get("part") == "panel"
    if wants_fragment():
        return url_for(".invoice_panel" if on_page else "invoices.row", invoice_id=invoice.id)
    return url_for("invoices.show", invoice_id=invoice.id) if on_page else url_for("invoices.index")


def _action(invoice: Invoice) -> status.RowAction | None:
    return status.row_actions(current_company(), [invoice]).get(invoice.id)


def fill_slots(app: Flask) -> None:
    slots.fill(app, "invoice_row_actions", _row_actions)
    slots.fill(app, "invoice_row_badges", _row_badges)
    slots.fill(app, "invoice_page", _invoice_page)


def _row_actions(invoices: Iterable[Invoice]) -> dict[int, Markup]:
    return _render_each("quickbooks/_row_action.html", invoices)


def _row_badges(invoices: Iterable[Invoice]) -> dict[int, Markup]:
    return _render_each("quickbooks/_row_badge.html", invoices)


def _invoice_page(invoice: Invoice) -> Markup:
    return Markup(  # noqa: S704
        render_template("quickbooks/_invoice_panel.html", invoice=invoice, action=_action(invoice))
    )


def _render_each(template: str, invoices: Iterable[Invoice]) -> dict[int, Markup]:
    """Templates escape what they show; their output is markup."""
    rows = {invoice.id: invoice for invoice in invoices}
    actions = status.row_actions(current_company(), rows.values())
    return {
        invoice_id: Markup(render_template(template, invoice=rows[invoice_id], action=action))  # noqa: S704
        for invoice_id, action in actions.items()
    }
