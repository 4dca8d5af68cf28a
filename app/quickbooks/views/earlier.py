"""Invoices that were never sent: chosen and sent, or left out with a reason."""

from collections.abc import Sequence
from decimal import Decimal

from flask import Response, flash, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Select, func

from app.accounts.guards import books_only, current_company
from app.extensions import among, db
from app.invoices.models import Invoice
from app.invoices.search import matching
from app.lib.money import ZERO
from app.quickbooks import orders
from app.quickbooks.forms import LeaveOutForm
from app.quickbooks.models import Connection
from app.quickbooks.outbox import backlog
from app.quickbooks.views import blueprint
from app.quickbooks.views.connected import connection_or_leave, refuse_while_off
from app.quickbooks.views.earlier_found import PAGE, back, found_context, words
from app.web import request_limits
from app.web.keyset import requested_page

NEWEST_FIRST = (Invoice.issue_date, Invoice.id)
PAGE_SIZE = 100
NONE_TICKED = "No invoice is ticked. Tick some,"


@blueprint.get(PAGE)
@books_only
def earlier_invoices() -> Response:
    return _page(connection_or_leave(), LeaveOutForm(formdata=None))


@blueprint.route(f"{PAGE}/page", methods=["GET", "POST"])
@request_limits.takes_long_lists
@books_only
def turn_earlier_page() -> Response:
    """Another page of them, or another search; what is ticked on this one, and the reason, come along."""
    return _page(connection_or_leave(), LeaveOutForm())


@blueprint.post(f"{PAGE}/send")
@request_limits.takes_long_lists
@books_only
def send_earlier() -> Response:
    """The ticked ones."""
    connection = connection_or_leave()
    refuse_while_off(connection, url_for(".earlier_invoices"))
    if not _ticked():
        flash(f"{NONE_TICKED} then press Send to QuickBooks.", "warning")
        return make_response(_page(connection, LeaveOutForm()), 422)
    count = orders.send_never_sent(connection, _chosen(connection))
    db.session.commit()
    flash(f"{count:,} {'invoice' if count == 1 else 'invoices'} queued for QuickBooks.", "success")
    return back()


@blueprint.post(f"{PAGE}/leave-out")
@request_limits.takes_long_lists
@books_only
def leave_out_earlier() -> Response:
    """Not these: the ticked ones, or all that match."""
    connection, form = connection_or_leave(), LeaveOutForm()
    is_all = "all" in request.form
    if not form.validate_on_submit():
        return make_response(_page(connection, form), 422)
    if not (is_all or _ticked()):
        form.reason.errors = [f"{NONE_TICKED} then press Not these."]
        return make_response(_page(connection, form), 422)
    invoices = _matching(connection) if is_all else _chosen(connection)
    count = orders.leave_out_never_sent(connection, invoices, current_user.name, form.reason.data or "")
    db.session.commit()
    flash(f"{count:,} {'invoice' if count == 1 else 'invoices'} left out of QuickBooks.", "success")
    return back()


def _chosen(connection: Connection) -> Select[Invoice]:
    return backlog.never_sent(connection).where(among(Invoice.id, _ticked()))


def _ticked() -> set[int]:
    """Of all pages."""
    return set(request.form.getlist("ids", type=request_limits.record_id))


def _ticked_elsewhere(connection: Connection, shown: list[Invoice]) -> Sequence[tuple[int, Decimal]]:
    """Those that stand on other pages, or in no search for these words: id and amount."""
    elsewhere = _chosen(connection).where(Invoice.id.not_in([invoice.id for invoice in shown]))
    columns = elsewhere.with_only_columns(Invoice.id, Invoice.counted_total, maintain_column_froms=True)
    return db.session.execute(columns.order_by(Invoice.id)).tuples().all()


def _matching(connection: Connection) -> Select[Invoice]:
    return matching(backlog.never_sent(connection), connection.company_id, words(), None)


def _page(connection: Connection, form: LeaveOutForm) -> Response:
    found = _matching(connection)
    count, total = db.session.execute(
        found.with_only_columns(func.count(), func.sum(Invoice.counted_total), maintain_column_froms=True)
    ).one()
    page = requested_page(found, NEWEST_FIRST, descending=True, size=PAGE_SIZE)
    return make_response(
        render_template(
            "quickbooks/earlier.html",
            form=form,
            words=words(),
            count=count,
            total=total or ZERO,
            page=page,
            **found_context(connection),
            ticked=_ticked(),
            ticked_elsewhere=_ticked_elsewhere(connection, page.records),
            here={name: request.args.get(name) for name in ("after", "before")},
            may_send=connection.preferences.sync_invoices and current_company().plan.has_quickbooks,
        )
    )
