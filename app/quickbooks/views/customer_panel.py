"""The integration's place on a customer's page."""

from flask import Flask, render_template
from flask_login import current_user
from markupsafe import Markup

from app.customers.models import Customer
from app.quickbooks.account.connection import known_connection
from app.quickbooks.models import RecordKind
from app.quickbooks.pages import deep_links
from app.quickbooks.pages.card import card_of
from app.web import slots


def fill_slots(app: Flask) -> None:
    slots.fill(app, "customer_page", _panel)


def _panel(customer: Customer) -> Markup:
    connection = known_connection(customer.company_id) if current_user.in_office else None
    if connection is None:
        return Markup()
    page = render_template(
        "quickbooks/_customer_panel.html",
        customer=customer,
        card=card_of(customer),
        there=deep_links.of_record(connection, RecordKind.CUSTOMER, customer.id),
    )
    return Markup(page)  # noqa: S704
