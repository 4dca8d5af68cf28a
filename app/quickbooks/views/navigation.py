"""The integration's place in the main navigation, with the count of what needs somebody."""

from flask import Flask, render_template
from flask_login import current_user
from markupsafe import Markup

from app.quickbooks.pages.needs import MOST, needs_somebody
from app.web import slots


def fill_slots(app: Flask) -> None:
    slots.fill(app, "navigation", _entry)


def count_in_place() -> Markup:
    """For an answer that changes what needs somebody; nothing for who has no such entry."""
    return _rendered("quickbooks/_navigation_count.html", in_place=True)


def _entry() -> Markup:
    return _rendered("quickbooks/_navigation_entry.html", in_place=False)


def _rendered(template: str, in_place: bool) -> Markup:
    """For those who may open the page; without the plan there is nothing to count."""
    if not current_user.keeps_books:
        return Markup()
    needs = needs_somebody(current_user.company_id) if current_user.company.plan.has_quickbooks else 0
    return Markup(render_template(template, needs=needs, most=MOST, in_place=in_place))  # noqa: S704
