"""The rehearsal: what would become of the backlog, the lists behind its numbers, and the start."""

from itertools import chain

from flask import Response, abort, flash, url_for
from htmx_flask import request

from app.accounts.guards import books_only, owner_only
from app.extensions import db
from app.quickbooks import orders
from app.quickbooks.account import page_reads, standstill
from app.quickbooks.models import Connection, RecordKind
from app.quickbooks.models.runs import RunState
from app.quickbooks.rehearsal import report, runs
from app.quickbooks.rehearsal.life import REHEARSALS
from app.quickbooks.rehearsal.models import Fate, Rehearsal, RehearsalLine
from app.quickbooks.rehearsal.report import Choice
from app.quickbooks.views import blueprint
from app.quickbooks.views.connected import connection_or_leave
from app.web.csv_download import csv_stream, read_in_pieces
from app.web.htmx import render_page_or_fragment, see_other, tell, wants_fragment
from app.web.keyset import requested_page

PAGE = "/settings/integrations/quickbooks/rehearsal"


@blueprint.get(PAGE)
@books_only
def rehearsal() -> Response:
    """Polled while it runs."""
    return _answer(connection_or_leave())


@blueprint.post(PAGE)
@books_only
def rehearse() -> Response:
    connection = connection_or_leave()
    if refusal := page_reads.run_refused(connection.company_id, "rehearsal"):
        return tell(_after_press(connection), refusal, "warning")
    runs.start(connection)
    return _after_press(connection)


@blueprint.post(f"{PAGE}/start")
@owner_only
def start_rehearsed() -> Response:
    """Send what was rehearsed: what is queued, and the invoices that were never sent."""
    connection = connection_or_leave()
    if connection.preferences.sync_invoices:
        orders.send_unsent(connection)
    orders.start(connection)
    db.session.commit()
    if standstill.why(connection) is None:
        flash("Sending to QuickBooks has started.", "success")
    else:
        flash("Everything is queued. It goes once what this page tells of is over.", "warning")
    return see_other(url_for(".show"))


@blueprint.get(f"{PAGE}/<int:rehearsal_id>/records")
@books_only
def rehearsal_lines(rehearsal_id: int) -> Response:
    """The list behind a number: ?fate=goes, ?problem=no_tax_code, ?kind=invoice, ?doubtful=1."""
    run, choice = _run_or_404(rehearsal_id), _requested_choice()
    page = requested_page(report.lines(run, choice), (RehearsalLine.id,))
    return render_page_or_fragment(
        "quickbooks/rehearsal_lines.html",
        "quickbooks/_rehearsal_lines.html",
        run=run,
        choice=choice,
        page=page,
    )


@blueprint.get(f"{PAGE}/<int:rehearsal_id>/records.csv")
@books_only
def rehearsal_csv(rehearsal_id: int) -> Response:
    run = _run_or_404(rehearsal_id)
    found = read_in_pieces(report.lines(run, _requested_choice()).order_by(RehearsalLine.id))
    rows = map(report.row, chain.from_iterable(found))
    return csv_stream("quickbooks-rehearsal", report.HEADER, rows)


def _run_or_404(rehearsal_id: int) -> Rehearsal:
    run = db.session.get(Rehearsal, rehearsal_id)
    if run is None or run.connection_id != connection_or_leave().id or run.state is not RunState.DONE:
        abort(404)
    return run


def _requested_choice() -> Choice:
    return Choice(
        fate=request.args.get("fate", type=Fate),
        problem=request.args.get("problem", ""),
        kind=request.args.get("kind", type=RecordKind),
        doubtful="doubtful" in request.args,
    )


def _after_press(connection: Connection) -> Response:
    return _answer(connection) if wants_fragment() else see_other(url_for(".rehearsal"))


def _answer(connection: Connection) -> Response:
    latest, done = REHEARSALS.newest(connection), REHEARSALS.newest_done(connection)
    return render_page_or_fragment(
        "quickbooks/rehearsal.html",
        "quickbooks/_rehearsal.html",
        connection=connection,
        running=latest if latest and latest.is_under_way else None,
        trouble=REHEARSALS.trouble(latest),
        done=done,
        told=report.report(done) if done else None,
        is_stale=done is not None and runs.is_stale(done, connection),
        fates=Fate,
    )
