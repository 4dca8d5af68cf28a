"""What the pages behind a connection ask first."""

from flask import abort, flash, url_for
from flask_login import current_user

from app.accounts.guards import current_company
from app.quickbooks.account.connection import live_connection
from app.quickbooks.models import Connection
from app.web.htmx import see_other

DISCONNECTED = "QuickBooks was disconnected meanwhile, so nothing was changed."
INVOICES_ARE_OFF = "Invoice sync was switched off meanwhile, so nothing was queued."
NOT_READ = "QuickBooks could not be read just now. Try again in a moment."


def connection_or_say() -> Connection:
    """For what was pressed on a page that may be old: the QuickBooks page says what is true now."""
    connection = live_connection(current_user.company_id)
    if connection is None:
        flash(DISCONNECTED, "warning")
        abort(see_other(url_for(".show")))
    return connection


def refuse_while_off(connection: Connection, address: str) -> None:
    """For what sends invoices, pressed on a page of before they were switched off."""
    if not connection.preferences.sync_invoices:
        flash(INVOICES_ARE_OFF, "warning")
        abort(see_other(address))


def connection_or_leave() -> Connection:
    """Without the plan or a connection, QuickBooks' own page says what to do."""
    connection = live_connection(current_user.company_id)
    if connection is None or not current_company().plan.has_quickbooks:
        abort(see_other(url_for(".show")))
    return connection
