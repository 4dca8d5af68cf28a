"""Invoices that were never sent and that QuickBooks has already: looked for there, linked, or set apart."""

from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import ColumnElement, select

from app.accounts.guards import books_only
from app.extensions import db, now
from app.quickbooks import orders
from app.quickbooks.account import metering, page_reads
from app.quickbooks.catalogue import problem
from app.quickbooks.matching import finding_invoices
from app.quickbooks.models import Connection, FoundInvoice
from app.quickbooks.pages import found_pairs
from app.quickbooks.runs.troubles import PASSING
from app.quickbooks.views import blueprint
from app.quickbooks.views.connected import connection_or_leave
from app.web import request_limits
from app.web.htmx import see_other, tell, wants_fragment

PAGE = "/settings/integrations/quickbooks/earlier"
NO_PAIR = "Nothing was linked: it was changed here or in QuickBooks since. Look for them in QuickBooks again."

OTHER_PAIR = (
    "Nothing was changed: another invoice in QuickBooks stands beside it by now, or none. Look at both again."
)


@blueprint.get(f"{PAGE}/found")
@books_only
def found_invoices() -> Response:
    """Polled while QuickBooks is read."""
    if not wants_fragment():
        return back()
    return make_response(
        render_template("quickbooks/_earlier_found.html", **found_context(connection_or_leave()))
    )


@blueprint.post(f"{PAGE}/look")
@books_only
def look_for_earlier() -> Response:
    """“Look for them in QuickBooks”: a worker reads its invoices of those days."""
    connection = connection_or_leave()
    if found_pairs.is_looking(connection):
        return back()
    if refusal := page_reads.run_refused(connection.company_id, "earlier"):
        return tell(back(), refusal, "warning")
    finding_invoices.look_later(connection)
    return back()


@blueprint.post(f"{PAGE}/link")
@books_only
def link_earlier() -> Response:
    """“Same invoice” of one, or all that agree in everything."""
    connection = connection_or_leave()
    query = found_pairs.certain(connection)
    if invoice_id := request.form.get("invoice_id", type=request_limits.record_id):
        query = found_pairs.open_pairs(connection).where(*_meant(invoice_id))
    count = orders.link_found(connection, db.session.scalars(query).all(), current_user.name)
    db.session.commit()
    linked = f"{count:,} {'invoice is' if count == 1 else 'invoices are'} linked. Nothing was sent."
    flash(linked if count else NO_PAIR, "success" if count else "warning")
    return back()


@blueprint.post(f"{PAGE}/apart")
@books_only
def set_earlier_apart() -> Response:
    """“Not the same”, before or after it was linked."""
    connection = connection_or_leave()
    invoice_id = request.form.get("invoice_id", type=request_limits.record_id)
    of_connection = FoundInvoice.connection_id == connection.id
    found = db.session.scalar(select(FoundInvoice).where(of_connection, *_meant(invoice_id)))
    try:
        if found is None:
            flash(OTHER_PAIR, "warning")
        else:
            orders.set_found_apart(connection, found)
        db.session.commit()
    except ValueError as error:
        db.session.rollback()
        flash(str(error), "error")
    return back()


def _meant(invoice_id: int | None) -> list[ColumnElement[bool]]:
    """The pair that the page showed: another look may have found another invoice there."""
    theirs = request.form.get("remote_id")
    is_theirs = [FoundInvoice.remote_id == theirs] if theirs else []
    return [FoundInvoice.invoice_id == invoice_id, *is_theirs]


def found_context(connection: Connection) -> dict[str, Any]:
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


def words() -> str:
    return request.values.get("q", "").strip()


def back() -> Response:
    return see_other(url_for(".earlier_invoices", q=words() or None))
