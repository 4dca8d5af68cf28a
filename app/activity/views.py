"""The Activity page, and the same as a file."""

from itertools import chain

from flask import Blueprint, Response

from app.accounts.guards import books_only, company_scoped, current_company
from app.accounts.models import User
from app.activity import export
from app.activity.models import ActivityKind
from app.activity.search import NEWEST_LAST, EventFilter, events
from app.extensions import db, now
from app.lib import days
from app.web.csv_download import csv_stream, read_in_pieces
from app.web.htmx import render_page_or_fragment
from app.web.keyset import requested_page

blueprint = Blueprint("activity", __name__, url_prefix="/activity")


@blueprint.get("")
@books_only
def index() -> Response:
    choice = EventFilter.requested()
    return render_page_or_fragment(
        "activity/index.html",
        "activity/_list.html",
        page=requested_page(events(current_company(), choice), NEWEST_LAST, descending=True),
        choice=choice,
        kinds=ActivityKind,
        people=db.session.scalars(company_scoped(User).order_by(User.name, User.id)).all(),
    )


@blueprint.get("/activity.csv")
@books_only
def download() -> Response:
    company = current_company()
    newest_first = events(company, EventFilter.requested()).order_by(
        *(column.desc() for column in NEWEST_LAST)
    )
    name = f"activity-{days.of(now(), company.time_zone):%Y-%m-%d}"
    rows = export.rows(chain.from_iterable(read_in_pieces(newest_first)), company)
    return csv_stream(name, export.HEADER, rows)
