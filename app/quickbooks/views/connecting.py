"""Connect, come back from Intuit, disconnect."""

import logging

from flask import Response, abort, current_app, flash, make_response, redirect, render_template, url_for
from flask_login import current_user
from htmx_flask import request

from app.accounts import sessions
from app.accounts.guards import current_company, owner_only, public
from app.accounts.reauthentication import confirmed
from app.extensions import db, limiter
from app.quickbooks import orders
from app.quickbooks.account import consents, metering
from app.quickbooks.account.connection import live_connection
from app.quickbooks.account.proof import NotOpened
from app.quickbooks.account.realm import InUse, StillLinked, was_reset
from app.quickbooks.api import oauth
from app.quickbooks.api.errors import ApiError, QuotaUsedUp
from app.quickbooks.models import Connection, RecordKind
from app.quickbooks.outbox import tallies
from app.quickbooks.outbox.states import IN_PROGRESS
from app.quickbooks.views import blueprint
from app.quickbooks.views.connected import connection_or_say
from app.web.htmx import see_other

log = logging.getLogger(__name__)

# What the window says when connecting did not work; the words are the owner's, not OAuth's.
PROBLEMS = {
    "access_denied": (
        "QuickBooks was not connected",
        "You chose Cancel at Intuit, so nothing was changed. You can connect whenever you like.",
    ),
    "state": (
        "This connection could not be verified",
        "It was started in another browser, more than ten minutes ago, or used before. Please connect again.",
    ),
    "code": (
        "Intuit no longer accepts this sign-in",
        "It took too long or was used before. Please connect again.",
    ),
    "signed_out": (
        "You are signed out of FSM Navigator",
        "Sign in as an Owner, then connect again.",
    ),
    "client": (
        "FSM Navigator is not set up correctly with Intuit",
        "This is ours to mend; please tell support that Intuit refuses the app's own credentials.",
    ),
    "request": (
        "FSM Navigator is not set up correctly with Intuit",
        "This is ours to mend; please tell support that Intuit refuses the way the app asks for access.",
    ),
    "unavailable": (
        "Intuit did not answer",
        "Nothing was saved. Wait a minute, then connect again.",
    ),
    "reads_used_up": (
        "Intuit lets FSM Navigator read no more this month",
        "It has read QuickBooks as often this month as Intuit allows. Nothing was saved. Connect again on {until}.",
    ),
    "not_opened": (
        "QuickBooks did not open this company to you",
        "Your consent at Intuit does not cover it, so nothing was saved. Please connect again and choose it there.",
    ),
    "still_linked": (
        "You are still linked to another QuickBooks company",
        "Disconnect that one first, on the QuickBooks page; then connect this one.",
    ),
    "in_use": (
        "This QuickBooks company is in use already",
        "Another FSM Navigator company is connected to it. It has to disconnect first.",
    ),
    "other": (
        "QuickBooks was not connected",
        "Intuit reported a problem and nothing was changed. Please connect again.",
    ),
}

PROBLEM_OF: dict[type[Exception], str] = {
    oauth.InvalidGrant: "code",
    oauth.InvalidClient: "client",
    oauth.Misconfigured: "request",
    QuotaUsedUp: "reads_used_up",
    NotOpened: "not_opened",
    StillLinked: "still_linked",
    InUse: "in_use",
}


@blueprint.get("/settings/integrations/quickbooks/connect")
@owner_only
@confirmed
@limiter.limit("20 per minute")
def start() -> Response:
    """Send the window to Intuit; `state` ties its return to this session (account/consents.py).

    A link, not a form: a form's redirects to Intuit's several hosts would fall under our form-action policy.
    """
    if not current_company().plan.has_quickbooks:
        abort(403)
    state = consents.ask(sessions.current(), without_sending="without-sending" in request.args)
    db.session.commit()
    settings = oauth.OAuthSettings.from_config(current_app.config)
    return redirect(oauth.authorization_url(settings, state), code=302)  # type: ignore[return-value]


@blueprint.get("/integrations/quickbooks/callback")
@public
@limiter.limit("30 per minute")
def callback() -> Response:
    """Intuit's redirect. Always answers with another redirect, so that the code leaves the address bar."""
    problem = _receive()
    if problem is None:
        return _leave(url_for(".connected"))
    log.info("QuickBooks was not connected: %s", problem)
    return _leave(url_for(".not_connected", problem=problem))


@blueprint.get("/integrations/quickbooks/connected")
@owner_only
def connected() -> str:
    """The window's last page: it tells the page that opened it, and closes."""
    connection = live_connection(current_user.company_id)
    customers_go = connection is not None and _customers_go(connection)
    return render_template("quickbooks/connected.html", connection=connection, customers_go=customers_go)


def _customers_go(connection: Connection) -> bool:
    """Connecting again may find all of them there."""
    rows = tallies.counts(connection.id)
    waits = any(rows.get((RecordKind.CUSTOMER, state)) for state in IN_PROGRESS)
    return waits and connection.preferences.sync_customers


@blueprint.get("/integrations/quickbooks/not-connected")
@public
def not_connected() -> Response:
    title, advice = PROBLEMS.get(request.args.get("problem", ""), PROBLEMS["other"])
    advice = advice.format(until=metering.month_ends_words())
    return make_response(render_template("quickbooks/not_connected.html", title=title, advice=advice), 400)


@blueprint.get("/settings/integrations/quickbooks/disconnect")
@owner_only
@confirmed
def confirm_disconnect() -> str:
    connection = connection_or_say()
    return render_template(
        "quickbooks/disconnect.html", connection=connection, was_reset=was_reset(connection)
    )


@blueprint.post("/settings/integrations/quickbooks/disconnect")
@owner_only
@confirmed
def end() -> Response:
    try:
        if connection := live_connection(current_user.company_id):
            orders.disconnect(connection, forget="forget" in request.form)
    except ValueError as error:
        db.session.rollback()
        flash(str(error), "warning")
        return see_other(url_for(".confirm_disconnect"))
    return see_other(url_for(".show"))


def _receive() -> str | None:
    """What is wrong with the return from Intuit, or None when the company is connected now."""
    if not (current_user.is_authenticated and current_user.is_owner):
        return "signed_out"
    asked = consents.use(sessions.current(), request.args.get("state", ""))
    db.session.commit()
    if asked is None:
        return "state"
    if "error" in request.args:
        return "access_denied" if request.args["error"] == "access_denied" else "other"
    code, realm_id = request.args.get("code", ""), request.args.get("realmId", "")
    if not code or not (realm_id.isascii() and realm_id.isdigit()) or len(realm_id) > 40:
        return "other"
    if not current_company().plan.has_quickbooks:
        return "other"
    return _exchange(code, realm_id, current_user.name if asked.without_sending else "")


def _exchange(code: str, realm_id: str, held_by: str) -> str | None:
    company_id = current_user.company_id
    db.session.commit()
    try:
        tokens = oauth.exchange_code(oauth.OAuthSettings.from_config(current_app.config), code)
        orders.connect(company_id, realm_id, tokens, held_by)
    except (oauth.OAuthError, ApiError, NotOpened, StillLinked, InUse) as error:
        return PROBLEM_OF.get(type(error), "unavailable")
    return None


def _leave(url: str) -> Response:
    return redirect(url, code=302)  # type: ignore[return-value]
