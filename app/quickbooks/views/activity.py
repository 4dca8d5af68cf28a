"""The tab Activity: who connected, configured, sent, retried, answered and left out."""

from flask import Response

from app.accounts.guards import books_only, current_company
from app.activity.models import Activity, ActivityKind
from app.activity.search import NEWEST_LAST, EventFilter, events
from app.quickbooks.views import blueprint
from app.quickbooks.views.connected import connection_or_leave
from app.web.htmx import render_page_or_fragment
from app.web.keyset import requested_page

KINDS = (ActivityKind.QUICKBOOKS, ActivityKind.SYNC)


@blueprint.get("/settings/integrations/quickbooks/activity")
@books_only
def activity() -> Response:
    connection_or_leave()
    choice = EventFilter()
    decided = events(current_company(), choice).where(Activity.kind.in_(KINDS))
    return render_page_or_fragment(
        "quickbooks/activity.html",
        "activity/_list.html",
        page=requested_page(decided, NEWEST_LAST, descending=True),
        choice=choice,
        is_excerpt=True,
    )
