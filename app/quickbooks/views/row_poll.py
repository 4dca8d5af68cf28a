"""One question for a whole page of invoices: which of those that were queued have come to rest?"""

from flask import Response, render_template
from flask_login import current_user
from htmx_flask import make_response, request
from markupsafe import Markup

from app.accounts.guards import company_scoped, office_only
from app.extensions import db
from app.invoices.listing.choice import PAGE_SIZES
from app.invoices.models import Invoice
from app.invoices.views.listing import render_rows
from app.quickbooks.pages.actions import unfinished
from app.quickbooks.views import blueprint, navigation
from app.web.request_limits import record_id


@blueprint.get("/invoices/quickbooks/rows")
@office_only
def settled_rows() -> Response:
    """?pending=<id> for each row that is shown as queued; the rows that no longer are, to be swapped in place, and
    with them the navigation's count.

    204 while all of them wait. Asked by _row_poll.html.
    """
    asked = request.args.getlist("pending", type=record_id)[: max(PAGE_SIZES)]
    settled = set(asked) - unfinished(current_user.company_id, asked)
    if not settled:
        return make_response("", 204)
    invoices = db.session.scalars(company_scoped(Invoice).where(Invoice.id.in_(settled))).all()
    return make_response(f"{render_rows(invoices)}{navigation.count_in_place()}" if invoices else "")


def list_end(**_: object) -> Markup:
    """A slot of the list of invoices."""
    return Markup(render_template("quickbooks/_row_poll.html"))  # noqa: S704
