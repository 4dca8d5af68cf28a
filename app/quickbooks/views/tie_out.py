"""The tie-out: compare, the months, and the invoices behind each of their numbers."""

from datetime import date
from itertools import chain
from zoneinfo import ZoneInfo

from flask import Response, abort, url_for
from flask_login import current_user
from htmx_flask import request

from app.accounts.guards import books_only, current_company
from app.extensions import db, now
from app.lib.money import ZERO
from app.quickbooks.account import page_reads
from app.quickbooks.models import Connection
from app.quickbooks.models.runs import RunState
from app.quickbooks.pages import actions, overview
from app.quickbooks.tie_out import export, report, runs, tax
from app.quickbooks.tie_out.life import TIE_OUTS
from app.quickbooks.tie_out.models import TieOut, TieOutLine, Verdict
from app.quickbooks.tie_out.report import LineFilter
from app.quickbooks.views import blueprint
from app.quickbooks.views.connected import connection_or_leave
from app.web.csv_download import csv_download, csv_stream, read_in_pieces
from app.web.htmx import render_page_or_fragment, see_other, tell, wants_fragment
from app.web.keyset import requested_page

PAGE = "/settings/integrations/quickbooks/tie-out"
NEWEST_LAST = (TieOutLine.issue_date, TieOutLine.id)


@blueprint.get(PAGE)
@books_only
def tie_out() -> Response:
    """Polled while a comparison runs."""
    return _answer(connection_or_leave())


@blueprint.post(PAGE)
@books_only
def compare() -> Response:
    connection = connection_or_leave()
    if _standstill(connection):
        return _after_press(connection)
    if refusal := page_reads.run_refused(connection.company_id, "tie-out"):
        return tell(_after_press(connection), refusal, "warning")
    runs.start(connection)
    return _after_press(connection)


@blueprint.get(f"{PAGE}/<int:tie_out_id>/months.csv")
@books_only
def tie_out_months_csv(tie_out_id: int) -> Response:
    run = _run_or_404(tie_out_id)
    months = report.months(run)
    rows = export.month_rows([*months, report.together(months)])
    return csv_download(_file_name(run, "months"), export.MONTHS_HEADER, rows)


@blueprint.get(f"{PAGE}/<int:tie_out_id>/invoices")
@books_only
def tie_out_invoices(tie_out_id: int) -> Response:
    """The list behind a number: ?month=2026-03, ?verdict=missing, ?found=1 for what QuickBooks has."""
    run, choice = _run_or_404(tie_out_id), _requested_choice()
    page = requested_page(report.lines(run, choice), NEWEST_LAST, descending=True)
    return render_page_or_fragment(
        "quickbooks/tie_out_invoices.html",
        "quickbooks/_tie_out_lines.html",
        run=run,
        choice=choice,
        tally=report.tally(run, choice),
        page=page,
        months=report.months(run),
        actions=actions.row_actions(
            current_company(), [line.invoice for line in page.records], is_owner=current_user.is_owner
        ),
        verdicts=Verdict,
    )


@blueprint.get(f"{PAGE}/<int:tie_out_id>/invoices.csv")
@books_only
def tie_out_invoices_csv(tie_out_id: int) -> Response:
    run, choice = _run_or_404(tie_out_id), _requested_choice()
    lines = chain.from_iterable(read_in_pieces(report.lines(run, choice).order_by(*NEWEST_LAST)))
    return csv_stream(_file_name(run, "invoices"), export.LINES_HEADER, export.line_rows(lines))


def _run_or_404(tie_out_id: int) -> TieOut:
    run = db.session.get(TieOut, tie_out_id)
    if run is None or run.connection_id != connection_or_leave().id or run.state is not RunState.DONE:
        abort(404)
    return run


def _file_name(run: TieOut, what: str) -> str:
    """With the day of the comparison where the company is."""
    compared = run.finished_at or run.started_at
    return f"tie-out-{compared.astimezone(ZoneInfo(current_company().time_zone)):%Y-%m-%d}-{what}"


def _standstill(connection: Connection) -> overview.Notice | None:
    """What is used up stops the tie-out, though not the sending."""
    notice = overview.notice(connection)
    return notice if notice and (notice.stops or connection.reads_are_blocked(now())) else None


def _requested_choice() -> LineFilter:
    return LineFilter(
        month=request.args.get("month", type=lambda text: date.fromisoformat(f"{text}-01")),
        verdict=request.args.get("verdict", type=Verdict),
        found="found" in request.args,
    )


def _after_press(connection: Connection) -> Response:
    return _answer(connection) if wants_fragment() else see_other(url_for(".tie_out"))


def _answer(connection: Connection) -> Response:
    latest, done = TIE_OUTS.newest(connection), TIE_OUTS.newest_done(connection)
    months = report.months(done) if done else []
    return render_page_or_fragment(
        "quickbooks/tie_out.html",
        "quickbooks/_tie_out.html",
        running=latest if latest and latest.is_under_way else None,
        trouble=TIE_OUTS.trouble(latest),
        notice=_standstill(connection),
        done=done,
        changed=report.changed_since(connection, done) if done else 0,
        months=months,
        taxes=tax.by_place(done) if done else [],
        untold_tax=tax.untold(done) if done else ZERO,
        total=report.together(months),
        verdicts=Verdict,
    )
