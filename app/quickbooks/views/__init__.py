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
    leaving_out,
    mapping,
    matching,
    preview,
    queue,
    rehearsal,
    row_poll,
    settings,
    tie_out,
    webhooks,
)
