"""Invoices that were never sent: choose some to send, or leave them out with a reason."""

from flask import Response, flash, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Select, func

from app.accounts.guards import books_only, current_company
from app.extensions import db
from app.invoices.models import Invoice
from app.invoices.search import matching
from app.invoices.views.listing import selected_ids
from app.lib.money import ZERO
from app.quickbooks import orders
from app.quickbooks.forms import LeaveOutForm
from app.quickbooks.models import Connection
from app.quickbooks.outbox import backlog
from app.quickbooks.views import blueprint
from app.quickbooks.views.connected import connection_or_leave
from app.web.htmx import see_other
from app.web.keyset import requested_page

PAGE = "/settings/integrations/quickbooks/earlier"
NEWEST_FIRST = (Invoice.issue_date, Invoice.id)
PAGE_SIZE = 100


@blueprint.get(PAGE)
@books_only
def earlier_invoices() -> Response:
    return _page(connection_or_leave(), LeaveOutForm(formdata=None))


@blueprint.post(f"{PAGE}/send")
@books_only
def send_earlier() -> Response:
    """The ticked ones."""
    connection = connection_or_leave()
    count = orders.send_never_sent(connection, _chosen(connection))
    db.session.commit()
    flash(f"{count} {'invoice' if count == 1 else 'invoices'} queued for QuickBooks.", "success")
    return _back()


@blueprint.post(f"{PAGE}/leave-out")
@books_only
def leave_out_earlier() -> Response:
    """Not these: the ticked ones, or all that match."""
    connection, form = connection_or_leave(), LeaveOutForm()
    if not form.validate_on_submit():
        return make_response(_page(connection, form), 422)
    invoices = _matching(connection) if "all" in request.form else _chosen(connection)
    count = orders.leave_out_never_sent(connection, invoices, current_user.name, form.reason.data or "")
    db.session.commit()
    flash(f"{count} {'invoice' if count == 1 else 'invoices'} left out of QuickBooks.", "success")
    return _back()


def _chosen(connection: Connection) -> Select[Invoice]:
    return backlog.never_sent(connection).where(Invoice.id.in_(selected_ids()))


def _matching(connection: Connection) -> Select[Invoice]:
    return matching(backlog.never_sent(connection), connection.company_id, _words(), None)


def _words() -> str:
    return request.values.get("q", "").strip()


def _back() -> Response:
    return see_other(url_for(".earlier_invoices", q=_words() or None))


def _page(connection: Connection, form: LeaveOutForm) -> Response:
    found = _matching(connection)
    count, total = db.session.execute(
        found.with_only_columns(func.count(), func.sum(Invoice.total), maintain_column_froms=True)
    ).one()
    page = requested_page(found, NEWEST_FIRST, descending=True, size=PAGE_SIZE)
    return make_response(
        render_template(
            "quickbooks/earlier.html",
            connection=connection,
            form=form,
            words=_words(),
            count=count,
            total=total or ZERO,
            page=page,
            ticked={int(id_) for id_ in request.form.getlist("ids") if id_.isdigit()},
            may_send=connection.preferences.sync_invoices and current_company().plan.has_quickbooks,
        )
    )
