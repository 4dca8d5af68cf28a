"""The integration's pages, one module a subject; all under one blueprint."""

from flask import Blueprint

blueprint = Blueprint("quickbooks", __name__)

from app.quickbooks.views import (  # noqa: E402, F401
    activity,
    arriving,
    bookkeeping,
    causes,
    connecting,
    earlier,
    invoice_actions,
    invoice_list,
    items,
    leaving_out,
    matching,
    preview,
    questions,
    queue,
    rehearsal,
    row_poll,
    settings,
    tax_and_terms,
    tie_out,
    webhooks,
)
