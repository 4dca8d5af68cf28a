"""Where Intuit sends people: its Launch, Reconnect and Disconnect addresses (contract section 1.8).

Anybody can open them, signed in or not, so they change nothing: what Intuit says of a disconnect is asked for.
"""

from flask import Response, redirect, render_template, url_for
from flask_login import current_user

from app.accounts.guards import public
from app.accounts.models import Role
from app.extensions import limiter
from app.quickbooks.account.connection import live_connection
from app.quickbooks.account.probing import PROBES
from app.quickbooks.models import Connection
from app.quickbooks.views import blueprint


@blueprint.get("/integrations/quickbooks/launch")
@public
def launch() -> Response:
    """From the list of apps in QuickBooks."""
    return _to_quickbooks_page()


@blueprint.get("/integrations/quickbooks/reconnect")
@public
@limiter.limit("30 per minute")
def reconnect() -> Response:
    """From Intuit's call to connect again; the page has the button for it."""
    _probe()
    return _to_quickbooks_page()


@blueprint.get("/integrations/quickbooks/disconnected")
@public
@limiter.limit("30 per minute")
def disconnected() -> str:
    """After a disconnect in QuickBooks."""
    return render_template("quickbooks/disconnected.html", connection=_probe())


def _probe() -> Connection | None:
    """The connection that is asked about: that of whoever is signed in."""
    connection = live_connection(current_user.company_id) if current_user.is_authenticated else None
    if connection:
        PROBES.give(connection.id)
    return connection


def _to_quickbooks_page() -> Response:
    """Who is not signed in signs in there; who has no business there goes home."""
    is_closed = current_user.is_authenticated and current_user.role not in (Role.OWNER, Role.BOOKKEEPER)
    return redirect(url_for("accounts.home" if is_closed else ".show"), code=302)  # type: ignore[return-value]
