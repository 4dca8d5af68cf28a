"""The invoices' pages."""

from flask import Blueprint

blueprint = Blueprint("invoices", __name__, url_prefix="/invoices")

from app.invoices.views import (  # noqa
    delivery,
    disputes,
    editing,
    exporting,
    importing,
    listing,
    paper,
    payments,
    refunds,
    show,
)
