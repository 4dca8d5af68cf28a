"""The integration's pages, one module a subject; all under one blueprint."""

from flask import Blueprint

blueprint = Blueprint("quickbooks", __name__)

from app.quickbooks.views import connecting, invoice_actions, queue, settings, tie_out  # noqa: E402, F401
