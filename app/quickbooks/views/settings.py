"""Settings → Integrations: the overview, QuickBooks' own page, and its preferences."""

from collections.abc import Mapping

from flask import Response, current_app, flash, make_response, render_template, url_for
from flask_login import current_user

from app.accounts.guards import books_only, current_company, owner_only
from app.extensions import db
from app.quickbooks import orders
from app.quickbooks.account import company
from app.quickbooks.account.connection import last_connection, live_connection
from app.quickbooks.forms import PreferencesForm
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.models import Connection, RecordKind
from app.quickbooks.outbox import unplaced
from app.quickbooks.pages import last_days as last_days_page
from app.quickbooks.pages import overview
from app.quickbooks.views import blueprint, queue
from app.quickbooks.views.connected import connection_or_leave, connection_or_say, refuse_while_off
from app.web.htmx import render_invalid, see_other, wants_fragment

PREFERENCES = "/settings/integrations/quickbooks/preferences"


@blueprint.get("/settings/integrations")
@books_only
def integrations() -> str:
    return render_template("quickbooks/integrations.html", **_summary())


@blueprint.get("/settings/integrations/quickbooks")
@books_only
def show() -> Response:
    if not current_company().plan.has_quickbooks:
        return make_response(render_template("quickbooks/plan_gate.html", **_summary()))
    return make_response(render_template("quickbooks/show.html", **_page()))


@blueprint.get("/settings/integrations/quickbooks/status")
@books_only
def panel() -> Response:
    """The status panel alone: it follows the queue, and the connect window."""
    if not wants_fragment():
        return see_other(url_for(".show"))
    return make_response(render_template("quickbooks/_panel.html", **_summary()))


@blueprint.get("/settings/integrations/quickbooks/last-days")
@books_only
def last_days() -> Response:
    """The last 30 days alone: they follow the queue, too."""
    connection = live_connection(current_user.company_id)
    if not wants_fragment() or connection is None:
        return see_other(url_for(".show"))
    return make_response(render_template("quickbooks/_last_days.html", **_last_days(connection)))


@blueprint.get(PREFERENCES)
@owner_only
def preferences() -> str:
    """The tab Settings."""
    return render_template("quickbooks/settings.html", **_settings_page(connection_or_leave()))


@blueprint.post(PREFERENCES)
@owner_only
def save_preferences() -> Response:
    connection = connection_or_say()
    form = _preferences_form(connection, company.facts_of(connection))
    if not form.validate_on_submit():
        return render_invalid("quickbooks/settings.html", **(_settings_page(connection) | {"form": form}))
    form.write(connection)
    queued = orders.apply_preferences(connection)
    db.session.commit()
    flash(f"Sync Preferences saved. {_told(queued)}".strip(), "success")
    return see_other(url_for(".preferences"))


def _told(queued: Mapping[RecordKind, int]) -> str:
    """ "Queued: 1 payment and 2 refunds." """
    counts = [
        f"{number:,} {kind.value}{'' if number == 1 else 's'}" for kind, number in queued.items() if number
    ]
    return f"Queued: {' and '.join(counts)}." if counts else ""


@blueprint.post("/settings/integrations/quickbooks/pause")
@owner_only
def hold() -> Response:
    """Pause sending."""
    orders.hold(connection_or_say(), current_user.name)
    db.session.commit()
    return see_other(url_for(".show"))


@blueprint.post("/settings/integrations/quickbooks/start")
@owner_only
def resume() -> Response:
    """Start sending."""
    orders.start(connection_or_say())
    db.session.commit()
    return see_other(url_for(".show"))


@blueprint.post("/settings/integrations/quickbooks/unsent")
@books_only
def queue_unsent() -> Response:
    """Queue the invoices that were generated while nothing synced."""
    connection = connection_or_say()
    refuse_while_off(connection, url_for(".show"))
    orders.send_unsent(connection)
    db.session.commit()
    return see_other(url_for(".show"))


@blueprint.post("/settings/integrations/quickbooks/earlier")
@books_only
def queue_earlier() -> Response:
    """Send all: the invoices from before the connection, or before the day that was chosen."""
    connection = connection_or_say()
    refuse_while_off(connection, url_for(".show"))
    orders.send_earlier(connection)
    db.session.commit()
    return see_other(url_for(".show"))


@blueprint.post("/settings/integrations/quickbooks/unplaced")
@books_only
def queue_unplaced() -> Response:
    """Send taxed invoices again that are in QuickBooks without the place of work."""
    connection = connection_or_say()
    count = orders.send_places(connection)
    db.session.commit()
    flash(f"Queued: {count:,} invoice{'' if count == 1 else 's'} with the place of work.", "success")
    return see_other(url_for(".show"))


def _preferences_form(connection: Connection, facts: CompanyFacts) -> PreferencesForm:
    form = PreferencesForm(obj=connection.preferences)
    form.offer(facts)
    return form


def _summary() -> dict:
    """What the overview, the plan's gate and the status panel read."""
    connection = live_connection(current_user.company_id)
    return {
        "connection": connection,
        "panel": overview.panel(
            last_connection(current_user.company_id), current_app.config["QUICKBOOKS_ENVIRONMENT"]
        ),
        "plan": current_company().plan,
    }


def _page() -> dict:
    """What QuickBooks' own page reads."""
    page = _summary()
    connection = page["connection"]
    if connection is None:
        return page
    return page | {
        **queue.shown(connection),
        **_last_days(connection),
        "unplaced": unplaced.unplaced(connection),
    }


def _last_days(connection: Connection) -> dict:
    return {"last_days": last_days_page.last_days(connection), "chart": last_days_page}


def _settings_page(connection: Connection) -> dict:
    facts = company.facts_of(connection)
    return {"connection": connection, "facts": facts, "form": _preferences_form(connection, facts)}
