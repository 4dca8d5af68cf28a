"""The queue: its banner, the rows that need attention, and what can be done about them."""

from typing import Any

from flask import Response, abort, flash, render_template, url_for
from flask_login import current_user
from htmx_flask import make_response, request

from app.accounts.guards import books_only
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db
from app.quickbooks import orders
from app.quickbooks.account import metering
from app.quickbooks.account.connection import live_connection
from app.quickbooks.account.gateway import impatient_client_for
from app.quickbooks.account.page_reads import Enough
from app.quickbooks.account.tokens import TokenError
from app.quickbooks.api.errors import ApiError
from app.quickbooks.catalogue import problem
from app.quickbooks.kinds.records import name_of_row
from app.quickbooks.models import Connection, ConnectionState, SyncTask, TaskState
from app.quickbooks.outbox import invoice_counts
from app.quickbooks.outbox.nudge import nudge
from app.quickbooks.pages import deep_links, left_out, overview
from app.quickbooks.pages.beside import beside
from app.quickbooks.pages.causes import causes
from app.quickbooks.pages.rows import Row, rows_of, trying_again
from app.quickbooks.pages.standing import standstill_of, why_it_waits
from app.quickbooks.pages.time_left import time_left
from app.quickbooks.pages.verdict import verdict
from app.quickbooks.pages.versions import queue_version
from app.quickbooks.views import blueprint
from app.quickbooks.views.connected import connection_or_leave, connection_or_say
from app.web import polling
from app.web.htmx import render_page_or_fragment, see_other, tell, wants_fragment
from app.web.keyset import Page

QUEUE_SHOWN = "quickbooks-queue"  # the status panel listens: its last sync and its state move with the queue
STILL_PAUSED = "QuickBooks was asked and still refuses. It is tried again by itself."
GOES_ON = "QuickBooks answers again. What is queued is on its way."


@blueprint.get("/settings/integrations/quickbooks/queue")
@books_only
def queue() -> Response:
    """The queue fragment; polled."""
    if wants_fragment() and polling.is_known(_version()):
        return polling.not_modified()
    if live_connection(current_user.company_id) is None:
        return see_other(url_for(".show"))  # another tab disconnected it
    return _answer(connection_or_say())


@blueprint.post("/settings/integrations/quickbooks/queue/sync")
@books_only
def sync_pending() -> Response:
    """Sync All Pending: starts on what is due now; rows in backoff keep their time."""
    connection = connection_or_say()
    nudge(connection.id)
    record(ActivityKind.SYNC, "pressed Sync All Pending", connection.company_id)
    db.session.commit()
    return tell(after_write(connection), _started(overview.banner(connection)))


def _started(banner: overview.Banner) -> str:
    """Sync All Pending in numbers: what goes, what keeps its time, and what waits for a person."""
    kept = f" Trying again at their own time: {banner.backoff:,}." if banner.backoff else ""
    waiting = (
        f" Waiting for somebody: {banner.errors + banner.following:,}."
        if banner.errors + banner.following
        else ""
    )
    for_reads = (
        f" Waiting until {metering.month_ends_words()}: {banner.for_reads:,}." if banner.for_reads else ""
    )
    return f"Started: {banner.in_progress:,}.{for_reads}{kept}{waiting}"


@blueprint.post("/settings/integrations/quickbooks/queue/try")
@books_only
def try_now() -> Response:
    """One request; the pause ends when QuickBooks answers it."""
    connection = connection_or_leave()
    try:
        client = impatient_client_for(connection.id)
        db.session.commit()
        client.company_info()
    except Enough as limit:
        return tell(after_write(connection), limit.words, "warning")
    except (ApiError, TokenError):
        db.session.rollback()
        return tell(after_write(connection), STILL_PAUSED, "warning")
    orders.end_pause(connection)
    db.session.commit()
    return tell(after_write(connection), GOES_ON)


@blueprint.post("/settings/integrations/quickbooks/queue/<int:task_id>/retry")
@books_only
def retry(task_id: int) -> Response:
    """Also what takes back a row that was left out."""
    connection, task = task_or_404(task_id)
    orders.push(connection, task.kind, task.record_id, current_user.name)
    db.session.commit()
    return after_write(connection)


@blueprint.get("/settings/integrations/quickbooks/queue/<int:task_id>")
@books_only
def history(task_id: int) -> str:
    """Everything that was tried for one record."""
    connection, task = task_or_404(task_id)
    standstill = standstill_of(connection, task.kind, task)
    return render_template(
        "quickbooks/history.html",
        task=task,
        waits=why_it_waits(task, standstill) if task.state is TaskState.BACKOFF else "",
        name=name_of_row(task),
        there=deep_links.of_record(connection, task.kind, task.record_id),
    )


def shown(connection: Connection) -> dict[str, Any]:
    """What the queue fragment reads. Its version first, and once more at the end: what changes meanwhile is perhaps
    told in part, so the fragment is asked for again at once.
    """
    version = _version()
    counts, to_fix = invoice_counts.counts(connection), causes(connection)
    banner = overview.banner(connection, counts, stopped=sum(cause.count for cause in to_fix))
    notice, aside = overview.notice(connection), beside(connection, counts)
    read = {
        "version": version,
        "connection": connection,
        "banner": banner,
        "verdict": verdict(connection, banner, aside, notice),
        "beside": aside,
        "trying_again": trying_again(connection, banner.switched_off > 0),
        "time_left": time_left(connection, banner.in_progress) if banner.in_progress else "",
        "left_out": left_out.latest(connection),
        "alike": left_out.alike(connection) if banner.left_out > 1 else {},
        "causes": to_fix,
        "notice": notice,
        "needs": banner.errors + (connection.state is ConnectionState.RECONNECT_NEEDED),
    }
    return read | {"has_moved": version != _version()}


def _version() -> str:
    return polling.version_of(current_user.company.plan, queue_version(current_user.company_id))


def task_or_404(task_id: int) -> tuple[Connection, SyncTask]:
    connection = connection_or_say()
    task = db.session.get(SyncTask, task_id)
    if task is None or task.connection_id != connection.id:
        abort(404)
    return connection, task


def refused(connection: Connection, task: SyncTask, message: str) -> Response:
    """The row once more, with why its answer was not taken and what was typed: in the queue, or by itself where it
    was answered on a page of its cause. A row that asks nothing any more has no place for it.
    """
    db.session.rollback()
    told = {"task_id": task.id, "message": message, "typed": request.form.get("name", "")}
    (row,) = rows_of(connection, [task])
    is_asked = row.is_error and bool(row.choices)
    if wants_fragment():
        answer = _answer(connection, refused=told)
        answer = answer if is_asked else tell(answer, message, "warning")
    elif is_asked:
        answer = make_response(_alone(row, told))
    else:
        flash(message, "warning")
        answer = _answer(connection)
    answer.status_code = 422
    return answer


def _alone(row: Row, refused: dict[str, Any]) -> str:
    """The page of its cause, with this row."""
    entry, page = problem(row.task.problem), Page([row.task])
    return render_template("quickbooks/cause.html", entry=entry, page=page, rows=[row], refused=refused)


def after_write(connection: Connection) -> Response:
    return _answer(connection) if wants_fragment() else see_other(url_for(".show"))


def _answer(connection: Connection, refused: dict | None = None) -> Response:
    answer = render_page_or_fragment(
        "quickbooks/queue.html", "quickbooks/_queue.html", refused=refused, **shown(connection)
    )
    return make_response(answer, trigger_after_settle=QUEUE_SHOWN)
