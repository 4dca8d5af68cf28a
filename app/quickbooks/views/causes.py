"""What stopped at one cause: its list, one retry for all of it, and leaving all of it out."""

from flask import Response, abort, flash, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import func

from app.accounts.guards import books_only
from app.extensions import db
from app.quickbooks import orders
from app.quickbooks.catalogue import Entry, problem
from app.quickbooks.forms import LeaveOutForm
from app.quickbooks.models import Connection, SyncTask
from app.quickbooks.orders import leaving_out
from app.quickbooks.pages.causes import stopped_at
from app.quickbooks.pages.rows import rows_of
from app.quickbooks.views import blueprint
from app.quickbooks.views.connected import connection_or_say
from app.quickbooks.views.queue import after_write
from app.web.htmx import render_page_or_fragment, see_other
from app.web.keyset import requested_page

PAGE = "/settings/integrations/quickbooks/to-fix/<problem_key>"
OLDEST_FIRST = (SyncTask.id,)


@blueprint.get(PAGE)
@books_only
def cause(problem_key: str) -> str:
    """All of its rows, in pages."""
    entry, connection = _entry_or_404(problem_key), connection_or_say()
    page = requested_page(stopped_at(connection, problem_key), OLDEST_FIRST)
    rows = rows_of(connection, page.records)
    return render_template("quickbooks/cause.html", entry=entry, page=page, rows=rows, refused=None)


@blueprint.post("/settings/integrations/quickbooks/queue/retry-cause")
@books_only
def retry_cause() -> Response:
    """All records that stopped at the same thing."""
    connection = connection_or_say()
    orders.retry_cause(connection, request.form.get("problem", ""))
    db.session.commit()
    return after_write(connection)


@blueprint.get(f"{PAGE}/leave-out")
@books_only
def ask_to_leave_out_cause(problem_key: str) -> Response:
    return _asked(connection_or_say(), _entry_or_404(problem_key), LeaveOutForm())


@blueprint.post(f"{PAGE}/leave-out")
@books_only
def leave_out_cause(problem_key: str) -> Response:
    connection, entry, form = connection_or_say(), _entry_or_404(problem_key), LeaveOutForm()
    if not form.validate_on_submit():
        return _asked(connection, entry, form, 422)
    number = orders.leave_out_cause(connection, problem_key, current_user.name, form.reason.data or "")
    db.session.commit()
    flash(f"Left out: {number:,} record{'' if number == 1 else 's'}.", "success")
    return see_other(url_for(".show"))


def _entry_or_404(key: str) -> Entry:
    entry = problem(key)
    return entry if entry.key == key else abort(404)


def _asked(connection: Connection, entry: Entry, form: LeaveOutForm, status: int = 200) -> Response:
    count = stopped_at(connection, entry.key).with_only_columns(func.count())
    answer = render_page_or_fragment(
        "quickbooks/leave_out_cause.html",
        "quickbooks/_leave_out_cause.html",
        entry=entry,
        form=form,
        count=db.session.scalar(count),
        at_once=leaving_out.AT_ONCE,
    )
    answer.status_code = status
    return answer
