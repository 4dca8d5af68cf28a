"""The integration's place in the list of invoices: its views, its column in the file, its part of a selection."""

from collections.abc import Sequence

from flask import Flask, Response, render_template, request
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, exists, false, select

from app.accounts.guards import current_company, office_only
from app.accounts.models import Company
from app.extensions import db
from app.invoices.listing import export, list_views
from app.invoices.listing.list_views import Count, ListView
from app.invoices.models import Invoice
from app.invoices.views.listing import back_to_list, selected, selected_ids
from app.quickbooks import orders
from app.quickbooks.account.connection import live_connection
from app.quickbooks.kinds.records import of_record
from app.quickbooks.models import RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.outbox import invoice_counts
from app.quickbooks.outbox.backlog import belongs_there
from app.quickbooks.outbox.states import NEEDS_SOMEBODY
from app.quickbooks.pages.actions import Label, row_actions
from app.quickbooks.views import blueprint
from app.web import slots
from app.web.htmx import tell


def register(app: Flask) -> None:
    list_views.add(app, *_VIEWS, counting=_counts)
    export.add_column(app, "QuickBooks", _texts)
    slots.fill(app, "invoice_selection", _selection)
    slots.fill(app, "invoice_list_head", _head)


def _is_linked(company: Company) -> bool:
    return company.plan.has_quickbooks and live_connection(company.id) is not None


def _not_there(company: Company) -> ColumnElement[bool]:
    """What syncs, is not left out, and has no record there."""
    connection = live_connection(company.id)
    if connection is None:
        return false()
    there = exists().where(of_record(RemoteLink, connection, RecordKind.INVOICE, Invoice.id))
    left_out = of_record(SyncTask, connection, RecordKind.INVOICE, Invoice.id)
    return and_(
        invoice_counts.may_be(connection, "absent"),
        belongs_there(),
        ~there,
        ~exists().where(left_out, SyncTask.state == TaskState.SKIPPED),
    )


def _needs_somebody(company: Company) -> ColumnElement[bool]:
    connection = live_connection(company.id)
    if connection is None:
        return false()
    of_connection = SyncTask.connection_id == connection.id, SyncTask.kind == RecordKind.INVOICE
    return Invoice.id.in_(select(SyncTask.record_id).where(*of_connection, NEEDS_SOMEBODY))


_VIEWS = (
    ListView("not_in_quickbooks", "Not in QuickBooks", _not_there, "totals", _is_linked),
    ListView("needs_you", "Needs you", _needs_somebody, "totals", _is_linked),
)


def _counts(company: Company) -> dict[str, Count]:
    connection = live_connection(company.id)
    if connection is None:
        return {}
    counts = invoice_counts.counts(connection)
    sums = {"not_in_quickbooks": counts.absent, "needs_you": counts.stuck}
    return {key: Count(one.count, one.total) for key, one in sums.items()}


def _texts(company: Company, invoices: Sequence[Invoice]) -> dict[int, str]:
    """The words of the rows' badges; what has no badge has none here."""
    actions = row_actions(company, invoices)
    return {key: action.standing.words for key, action in actions.items() if action.standing}


def _head() -> Markup:
    """Over the badges; a company without the integration has no such column."""
    if not current_company().plan.has_quickbooks:
        return Markup()
    return Markup('<th scope="col">QuickBooks</th>')


def _selection() -> Markup:
    return Markup(render_template("quickbooks/_selection.html"))  # noqa: S704


@blueprint.post("/invoices/selected/quickbooks")
@office_only
def push_selected() -> Response:
    """Sync to QuickBooks or Retry, as each row offers it; what has to be compared first is left to its own row."""
    wanted = Label.RETRY if request.form.get("what") == "retry" else Label.SYNC
    ids = selected_ids()
    actions = row_actions(
        current_company(),
        selected(ids),
        may_take_back=current_user.keeps_books,
        is_owner=current_user.is_owner,
    )
    offering = {key: one for key, one in actions.items() if one.enabled and one.label is wanted}
    fitting = [key for key, one in offering.items() if not (one.is_compared or one.is_left_out)]
    if connection := live_connection(current_user.company_id):
        for invoice_id in fitting:
            orders.push(connection, RecordKind.INVOICE, invoice_id, current_user.name)
    db.session.commit()
    told = [f"{len(fitting)} of {len(ids)} queued for QuickBooks."]
    if singly := len(offering) - len(fitting):
        told.append(
            f"{singly} {'goes' if singly == 1 else 'go'} from {'its' if singly == 1 else 'their'} own menu alone."
        )
    refused = {one.why_not for one in actions.values()}
    if len(refused) == 1 and all(refused):  # the same for each
        told.extend(refused)
    elif left := len(ids) - len(offering):
        told.append(f"{left} {'does' if left == 1 else 'do'} not offer “{wanted}” at present.")
    return tell(back_to_list(), " ".join(told), "success" if fitting else "warning")
