"""Invoices that were never sent: found in QuickBooks and linked, chosen and sent, or left out with a reason."""

from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Select, func

from app.accounts.guards import books_only, current_company
from app.extensions import db, now
from app.invoices.models import Invoice
from app.invoices.search import matching
from app.invoices.views.listing import selected_ids
from app.lib.money import ZERO
from app.quickbooks import orders
from app.quickbooks.account import metering
from app.quickbooks.catalogue import problem
from app.quickbooks.forms import LeaveOutForm
from app.quickbooks.matching import finding_invoices
from app.quickbooks.models import Connection, FoundInvoice
from app.quickbooks.outbox import backlog
from app.quickbooks.pages import found_pairs
from app.quickbooks.runs.troubles import PASSING
from app.quickbooks.views import blueprint
from app.quickbooks.views.connected import connection_or_leave, refuse_while_off
from app.web import request_limits
from app.web.htmx import see_other, wants_fragment
from app.web.keyset import requested_page

PAGE = "/settings/integrations/quickbooks/earlier"
NEWEST_FIRST = (Invoice.issue_date, Invoice.id)
PAGE_SIZE = 100
NO_PAIR = "Nothing was linked: it was changed here or in QuickBooks since. Look for them in QuickBooks again."
NONE_TICKED = "No invoice is ticked. Tick some,"


@blueprint.get(PAGE)
@books_only
def earlier_invoices() -> Response:
    return _page(connection_or_leave(), LeaveOutForm(formdata=None))


@blueprint.post(f"{PAGE}/send")
@books_only
def send_earlier() -> Response:
    """The ticked ones."""
    connection = connection_or_leave()
    refuse_while_off(connection, url_for(".earlier_invoices"))
    if not selected_ids():
        flash(f"{NONE_TICKED} then press Send to QuickBooks.", "warning")
        return _back()
    count = orders.send_never_sent(connection, _chosen(connection))
    db.session.commit()
    flash(f"{count:,} {'invoice' if count == 1 else 'invoices'} queued for QuickBooks.", "success")
    return _back()


@blueprint.post(f"{PAGE}/leave-out")
@books_only
def leave_out_earlier() -> Response:
    """Not these: the ticked ones, or all that match."""
    connection, form = connection_or_leave(), LeaveOutForm()
    is_all = "all" in request.form
    if not form.validate_on_submit():
        return make_response(_page(connection, form), 422)
    if not (is_all or selected_ids()):
        form.reason.errors = [f"{NONE_TICKED} then press Not these."]
        return make_response(_page(connection, form), 422)
    invoices = _matching(connection) if is_all else _chosen(connection)
    count = orders.leave_out_never_sent(connection, invoices, current_user.name, form.reason.data or "")
    db.session.commit()
    flash(f"{count:,} {'invoice' if count == 1 else 'invoices'} left out of QuickBooks.", "success")
    return _back()


@blueprint.get(f"{PAGE}/found")
@books_only
def found_invoices() -> Response:
    """Polled while QuickBooks is read."""
    if not wants_fragment():
        return _back()
    return make_response(render_template("quickbooks/_earlier_found.html", **_found(connection_or_leave())))


@blueprint.post(f"{PAGE}/look")
@books_only
def look_for_earlier() -> Response:
    """“Look for them in QuickBooks”: a worker reads its invoices of those days."""
    connection = connection_or_leave()
    if not found_pairs.is_looking(connection):
        finding_invoices.look_later(connection)
    return _back()


@blueprint.post(f"{PAGE}/link")
@books_only
def link_earlier() -> Response:
    """“Same invoice” of one, or all that agree in everything."""
    connection = connection_or_leave()
    query = found_pairs.certain(connection)
    if invoice_id := request.form.get("invoice_id", type=request_limits.record_id):
        query = found_pairs.open_pairs(connection).where(FoundInvoice.invoice_id == invoice_id)
    count = orders.link_found(connection, db.session.scalars(query).all(), current_user.name)
    db.session.commit()
    linked = f"{count:,} {'invoice is' if count == 1 else 'invoices are'} linked. Nothing was sent."
    flash(linked if count else NO_PAIR, "success" if count else "warning")
    return _back()


@blueprint.post(f"{PAGE}/apart")
@books_only
def set_earlier_apart() -> Response:
    """“Not the same”, before or after it was linked."""
    connection = connection_or_leave()
    invoice_id = request.form.get("invoice_id", type=request_limits.record_id)
    found = db.session.get(FoundInvoice, (connection.id, invoice_id)) if invoice_id else None
    try:
        if found is not None:
            orders.set_found_apart(connection, found)
        db.session.commit()
    except ValueError as error:
        db.session.rollback()
        flash(str(error), "error")
    return _back()


def _found(connection: Connection) -> dict[str, Any]:
    pairs, linked = found_pairs.open_pairs(connection), found_pairs.linked(connection)
    count, total = found_pairs.counted(found_pairs.certain(connection))
    return {
        "connection": connection,
        "looking": found_pairs.is_looking(connection),
        "trouble": _trouble(connection),
        "certain": {"count": count, "total": total},
        "pairs": found_pairs.shown(pairs),
        "pair_count": found_pairs.counted(pairs)[0],
        "linked": found_pairs.shown(linked),
        "linked_count": found_pairs.counted(linked)[0],
    }


def _trouble(connection: Connection) -> str:
    """Why the last look failed. Reads that were used up are told while they are."""
    key = connection.earlier_trouble
    if not key or (key == finding_invoices.READS_USED_UP and not connection.reads_are_blocked(now())):
        return ""
    entry = problem(key)
    sentence, remedy = entry.words(until=metering.month_ends_words())
    if key == finding_invoices.READS_USED_UP:
        return f"{sentence} Look for them again then."
    return f"{sentence} {'Look for them again in a few minutes.' if entry.kind in PASSING else remedy}"


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
        found.with_only_columns(func.count(), func.sum(Invoice.counted_total), maintain_column_froms=True)
    ).one()
    page = requested_page(found, NEWEST_FIRST, descending=True, size=PAGE_SIZE)
    return make_response(
        render_template(
            "quickbooks/earlier.html",
            form=form,
            words=_words(),
            count=count,
            total=total or ZERO,
            page=page,
            **_found(connection),
            ticked=set(selected_ids()),
            may_send=connection.preferences.sync_invoices and current_company().plan.has_quickbooks,
        )
    )
