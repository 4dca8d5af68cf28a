"""A customer's invoices on the customer's own page, for the office."""

from decimal import Decimal

from flask import render_template
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import func, select

from app.customers.models import Customer
from app.extensions import db
from app.invoices.lateness import BALANCE, OWED
from app.invoices.models import Invoice
from app.lib.money import ZERO

RECENT = 5


def render(customer: Customer) -> Markup:
    if not current_user.in_office:
        return Markup()
    newest_first = select(Invoice).order_by(Invoice.issue_date.desc(), Invoice.id.desc())
    invoices = db.session.scalars(newest_first.where(Invoice.customer_id == customer.id).limit(RECENT)).all()
    page = render_template(
        "invoices/_customer_panel.html",
        customer=customer,
        invoices=invoices,
        open_balance=_open_balance(customer),
    )
    return Markup(page)  # noqa: S704 - the template escapes what it shows


def _open_balance(customer: Customer) -> Decimal:
    """Dollars the customer owes; drafts and void invoices are owed by nobody."""
    owed = select(func.sum(BALANCE)).where(Invoice.customer_id == customer.id, Invoice.status.in_(OWED))
    return db.session.scalar(owed) or ZERO
