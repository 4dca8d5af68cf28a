"""The invoices' pages."""

from flask import Blueprint

blueprint = Blueprint("invoices", __name__, url_prefix="/invoices")

from app.invoices.views import editing, importing, listing, show  # noqa
