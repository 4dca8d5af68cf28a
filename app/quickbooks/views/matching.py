"""Customers that may be in QuickBooks already: both sides, the answer, and what was linked."""

from collections.abc import Callable

from flask import Response, abort, flash, render_template, url_for
from flask_login import current_user
from htmx_flask import request

from app.accounts.guards import books_only, get_or_404
from app.customers.models import Customer
from app.extensions import db
from app.quickbooks import orders
from app.quickbooks.kinds.records import link_of
from app.quickbooks.models import Connection, RecordKind, RemoteLink, SyncTask
from app.quickbooks.pages import matched, matching, matching_export, twins
from app.quickbooks.views import blueprint
from app.quickbooks.views.connected import connection_or_leave
from app.web.csv_download import csv_stream
from app.web.htmx import render_page_or_fragment, see_other, tell, wants_fragment
from app.web.keyset import requested_page

PAGE = "/settings/integrations/quickbooks/matching"
AT_ONCE = 500  # answered by one press, in one transaction


@blueprint.get(PAGE)
@books_only
def matching_page() -> Response:
    return _answer(connection_or_leave())


@blueprint.get(f"{PAGE}.csv")
@books_only
def matching_csv() -> Response:
    rows = matching_export.rows(connection_or_leave())
    return csv_stream("quickbooks-customers", matching_export.HEADER, rows)


@blueprint.post(f"{PAGE}/<int:task_id>/same")
@books_only
def same_customer(task_id: int) -> Response:
    """“Same customer”: the one of QuickBooks that the button stands under."""
    return _answered(task_id, orders.link_to_remote, request.form.get("remote_id", ""))


@blueprint.post(f"{PAGE}/<int:task_id>/another")
@books_only
def another_customer(task_id: int) -> Response:
    """“Another customer”: made in QuickBooks under the name in the field."""
    return _answered(task_id, orders.use_name, request.form.get("name", ""))


def _answered(task_id: int, answer: Callable[[Connection, SyncTask, str, str], None], said: str) -> Response:
    connection, task = _asking_or_404(task_id)
    try:
        answer(connection, task, current_user.name, said)
    except ValueError as error:
        return _refused(connection, task, str(error))
    db.session.commit()
    return _after_write(connection)


@blueprint.post(f"{PAGE}/all")
@books_only
def answer_group() -> Response:
    """One answer for all that wait for the same reason."""
    connection = connection_or_leave()
    problem, told = request.form.get("problem", ""), request.form.get("told", "")
    tasks = db.session.scalars(matching.of_group(connection, problem, told).limit(AT_ONCE)).all()
    same = request.form.get("answer") == "same"
    answer = orders.link_all if same else orders.name_all
    count = answer(connection, tasks, current_user.name)
    db.session.commit()
    said = "taken for the same" if same else "made as others"
    words = f"{count} {'customer is' if count == 1 else 'customers are'} {said}."
    if left := len(tasks) - count:
        own = "waits for an answer of its own" if left == 1 else "wait for an answer of their own"
        words += f" {left} {own}."
    return tell(_after_write(connection), words, "success" if count else "warning")


@blueprint.get(f"{PAGE}/links/<int:customer_id>")
@books_only
def ask_to_unlink(customer_id: int) -> Response:
    customer = get_or_404(Customer, customer_id)
    return _unlinking(connection_or_leave(), customer)


@blueprint.post(f"{PAGE}/links/<int:customer_id>")
@books_only
def unlink(customer_id: int) -> Response:
    customer = get_or_404(Customer, customer_id)
    connection = connection_or_leave()
    name = request.form.get("name", "")
    try:
        orders.unlink_customer(connection, customer, current_user.name, name)
    except ValueError as error:
        db.session.rollback()
        return _unlinking(connection, customer, problem=str(error), typed=name)
    db.session.commit()
    flash(f"{customer.name} is linked no more, and is made in QuickBooks as {name.strip()}.", "success")
    return see_other(url_for(".matching_page"))


def _unlinking(connection: Connection, customer: Customer, problem: str = "", typed: str = "") -> Response:
    link = link_of(connection.id, RecordKind.CUSTOMER, customer.id)
    if link is None:
        flash(f"{customer.name} is linked no more.", "warning")
        return see_other(url_for(".matching_page"))
    page = matched.unlinking(connection, customer, link)
    answer = render_template("quickbooks/unlink.html", page=page, problem=problem, typed=typed)
    return Response(answer, 422 if problem else 200)


def _asking_or_404(task_id: int) -> tuple[Connection, SyncTask]:
    """A customer's row of this connection; one that asks no more is told so by the order."""
    connection = connection_or_leave()
    task = db.session.get(SyncTask, task_id)
    if task is None or task.connection_id != connection.id:
        abort(404)
    return connection, task


def _refused(connection: Connection, task: SyncTask, message: str) -> Response:
    db.session.rollback()
    typed = request.form.get("name", "")
    answer = _answer(connection, {"task_id": task.id, "message": message, "typed": typed})
    answer.status_code = 422
    return answer


def _after_write(connection: Connection) -> Response:
    return _answer(connection) if wants_fragment() else see_other(url_for(".matching_page"))


def _answer(connection: Connection, refused: dict | None = None) -> Response:
    page = requested_page(matched.linked(connection), (RemoteLink.id,), descending=True)
    groups = matching.groups(connection)
    return render_page_or_fragment(
        "quickbooks/matching.html",
        "quickbooks/_matching.html",
        connection=connection,
        groups=groups,
        count=sum(group.count for group in groups),
        waiting=matching.waiting(connection),
        page=page,
        linked=matched.sides_of(connection, page.records),
        twins=twins.twins(connection),
        most_twins=twins.AT_ONCE,
        at_once=AT_ONCE,
        refused=refused,
    )
