"""The start page, and the search over everything a person may see."""

from flask import Blueprint, render_template, request
from flask_login import current_user

from app.accounts.guards import current_company, signed_in
from app.home import finding
from app.home.months import HEIGHT, WIDTH, bars, last_months
from app.invoices.dates import today
from app.invoices.listing import list_views

blueprint = Blueprint("home", __name__)


@blueprint.get("/home")
@signed_in
def show() -> str:
    """Money is for the office; a Technician has the way to the customers."""
    if not current_user.in_office:
        return render_template("home/show.html", views=[], months=[])
    company = current_company()
    offered = list_views.offered(company)
    counts = list_views.counted(company, offered)
    if not counts["all"].number:
        return render_template("home/beginning.html")
    months = last_months(company, today(company))
    return render_template(
        "home/show.html",
        views=[view for view in offered if view.key != "all"],
        counts=counts,
        months=months,
        bars=bars(months),
        chart_width=WIDTH,
        chart_height=HEIGHT,
    )


@blueprint.get("/search")
@signed_in
def search() -> str:
    words = request.args.get("q", "").strip()
    return render_template("home/search.html", words=words, found=finding.found(current_company(), words))
