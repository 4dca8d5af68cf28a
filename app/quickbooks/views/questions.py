"""What a row of the queue asks, and the answers that a person gives."""

from collections.abc import Callable

from flask import Response
from flask_login import current_user
from htmx_flask import request

from app.accounts.guards import books_only
from app.extensions import db
from app.quickbooks import orders
from app.quickbooks.views import blueprint
from app.quickbooks.views.queue import after_write, refused, task_or_404


@blueprint.post("/settings/integrations/quickbooks/queue/<int:task_id>/link")
@books_only
def link(task_id: int) -> Response:
    """“It is the same”: take the QuickBooks record that is in the way for ours."""
    return _answered(task_id, orders.link_asked, request.form.get("asked", ""))


@blueprint.post("/settings/integrations/quickbooks/queue/<int:task_id>/name")
@books_only
def name(task_id: int) -> Response:
    """“It is another customer”: send ours under another name."""
    return _answered(task_id, orders.use_name, request.form.get("name", ""))


@blueprint.post("/settings/integrations/quickbooks/queue/<int:task_id>/number")
@books_only
def number(task_id: int) -> Response:
    """“It is another invoice”: send ours under the same number."""
    return _answered(task_id, orders.use_same_number)


@blueprint.post("/settings/integrations/quickbooks/queue/<int:task_id>/another")
@books_only
def another(task_id: int) -> Response:
    """“It is another payment”, or refund: send ours beside the one that looks like it."""
    return _answered(task_id, orders.send_another)


@blueprint.post("/settings/integrations/quickbooks/queue/<int:task_id>/overwrite")
@books_only
def overwrite(task_id: int) -> Response:
    """“Overwrite in QuickBooks”: what the row says was changed there, and nothing newer."""
    return _answered(task_id, orders.overwrite_asked, request.form.get("seen", ""))


@blueprint.post("/settings/integrations/quickbooks/queue/<int:task_id>/leave")
@books_only
def leave(task_id: int) -> Response:
    """“Leave it as it is there”."""
    return _answered(task_id, orders.leave_asked)


def _answered(task_id: int, answer: Callable[..., None], *details: str) -> Response:
    """`answer` takes the connection, the row, who says it, and the details; its ValueError is told on the page."""
    connection, task = task_or_404(task_id)
    try:
        answer(connection, task, current_user.name, *details)
    except ValueError as error:
        return refused(connection, task, str(error))
    db.session.commit()
    return after_write(connection)
