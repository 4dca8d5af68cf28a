"""Leaving a record out of QuickBooks, with a reason; Sync to QuickBooks, or the queue's list, takes it back."""

from dataclasses import dataclass

from flask import Response, abort, render_template, request
from flask_login import current_user

from app.accounts.guards import books_only, get_or_404
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks import orders, outbox
from app.quickbooks.account.connection import live_connection
from app.quickbooks.forms import LeaveOutForm
from app.quickbooks.kinds.records import link_of, name_of, name_of_row
from app.quickbooks.models import SYNCABLE, Connection, RecordKind, SyncTask
from app.quickbooks.pages import left_out as left_out_page
from app.quickbooks.views import blueprint
from app.quickbooks.views.answer_target import AnswerTarget, asked_at
from app.quickbooks.views.connected import connection_or_say
from app.quickbooks.views.queue import after_write
from app.web.htmx import render_page_or_fragment, see_other, tell
from app.web.keyset import requested_page

ADDRESS = "/settings/integrations/quickbooks/records/<kind>/<int:record_id>/leave-out"
BY_ID = (SyncTask.id,)


@dataclass(frozen=True)
class Subject:
    """What is to be left out, and where that was asked for."""

    connection: Connection
    kind: RecordKind
    record_id: int
    name: str
    is_there: bool
    place: AnswerTarget


@blueprint.get(ADDRESS)
@books_only
def ask_to_leave_out(kind: str, record_id: int) -> Response:
    return _asked(_subject_or_404(kind, record_id), LeaveOutForm())


@blueprint.post(ADDRESS)
@books_only
def leave_out(kind: str, record_id: int) -> Response:
    subject, form = _subject_or_404(kind, record_id), LeaveOutForm()
    if not form.validate_on_submit():
        return _asked(subject, form, 422)
    try:
        orders.leave_out(
            subject.connection, subject.kind, record_id, current_user.name, form.reason.data or ""
        )
    except ValueError as error:
        db.session.rollback()
        form.form_errors.append(str(error))
        return _asked(subject, form, 422)
    db.session.commit()
    return see_other(subject.place.page)


@blueprint.get("/settings/integrations/quickbooks/left-out")
@books_only
def all_left_out() -> str:
    """All of it, in pages; before the first of them what was left out alike."""
    connection = connection_or_say()
    page = requested_page(left_out_page.all_of(connection), BY_ID, descending=True)
    groups = left_out_page.alike(connection, left_out_page.GROUPS_OF_A_PAGE) if page.before is None else {}
    rows = left_out_page.told(connection, page.records)
    return render_template("quickbooks/left_out.html", page=page, left_out=rows, alike=groups)


@blueprint.post("/settings/integrations/quickbooks/queue/take-back")
@books_only
def take_back_alike() -> Response:
    """All that one person left out for one reason."""
    connection = connection_or_say()
    count = orders.take_back_alike(connection, request.form.get("message", ""), current_user.name)
    db.session.commit()
    said = f"Taken back: {count:,} record{'' if count == 1 else 's'}."
    return tell(after_write(connection), said)


def _subject_or_404(kind: str, record_id: int) -> Subject:
    """A record with a row of this company's connection, or an invoice that was never sent."""
    connection = live_connection(current_user.company_id)
    if connection is None or kind not in list(RecordKind):
        abort(404)
    kind = RecordKind(kind)
    task = outbox.task_for(connection.id, kind, record_id)
    invoice = get_or_404(Invoice, record_id) if kind is RecordKind.INVOICE else None
    if task is None and (invoice is None or invoice.status not in SYNCABLE):
        abort(404)
    name = name_of_row(task) if task else name_of(invoice, kind)
    is_there = link_of(connection.id, kind, record_id) is not None
    return Subject(connection, kind, record_id, name, is_there, asked_at(invoice))


def _asked(subject: Subject, form: LeaveOutForm, status: int = 200) -> Response:
    answer = render_page_or_fragment(
        "quickbooks/leave_out.html", "quickbooks/_leave_out.html", subject=subject, form=form
    )
    answer.status_code = status
    return answer
