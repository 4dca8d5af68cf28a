"""What the pages behind a connection ask first."""

from flask import abort, flash, url_for
from flask_login import current_user

from app.accounts.guards import current_company
from app.extensions import db
from app.quickbooks.account.connection import live_connection
from app.quickbooks.account.tokens import TokenError
from app.quickbooks.api.errors import ApiError
from app.quickbooks.models import Connection
from app.quickbooks.runs.troubles import Reading, read_trouble
from app.web.htmx import see_other

DISCONNECTED = "QuickBooks was disconnected meanwhile, so nothing was changed."
INVOICES_ARE_OFF = "Invoice sync was switched off meanwhile, so nothing was queued."
FOR_A_PAGE = Reading(
    "what is in QuickBooks",
    again="Try again",
    disconnected="QuickBooks was disconnected meanwhile.",
    foreword="QuickBooks could not be read. ",
)


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


def not_read(connection_id: int, error: ApiError | TokenError) -> str:
    """Why what a page reads in QuickBooks could not be read, and what to do. Takes back what was begun; commits."""
    db.session.rollback()
    return read_trouble(connection_id, error, FOR_A_PAGE)


def connection_or_leave() -> Connection:
    """Without the plan or a connection, QuickBooks' own page says what to do."""
    connection = live_connection(current_user.company_id)
    if connection is None or not current_company().plan.has_quickbooks:
        abort(see_other(url_for(".show")))
    return connection
