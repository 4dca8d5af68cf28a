"""What our tax rates, terms and numbers are in QuickBooks."""

from flask import Response, flash, render_template, url_for
from htmx_flask import request

from app.accounts.guards import owner_only
from app.accounts.models import Terms
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.account import company
from app.quickbooks.account.gateway import impatient_client_for
from app.quickbooks.account.tokens import TokenError
from app.quickbooks.api.errors import ApiError
from app.quickbooks.lane.facts import read_facts
from app.quickbooks.meanings import tax_choices
from app.quickbooks.models import Connection
from app.quickbooks.views import blueprint
from app.quickbooks.views.connected import connection_or_leave, not_read
from app.web.htmx import render_invalid, see_other

RULES = "/settings/integrations/quickbooks/tax-and-terms"


@blueprint.get(RULES)
@owner_only
def tax_and_terms() -> str:
    return render_template("quickbooks/tax_and_terms.html", **_rules_page(connection_or_leave()))


@blueprint.post(RULES)
@owner_only
def choose_tax_codes() -> Response:
    connection = connection_or_leave()
    ids = {
        name.removeprefix("rate-"): value for name, value in request.form.items() if name.startswith("rate-")
    }
    try:
        tax_choices.choose(connection, company.facts_of(connection), ids)
    except ValueError as refusal:
        return render_invalid(
            "quickbooks/tax_and_terms.html", **_rules_page(connection), problem=str(refusal)
        )
    record(ActivityKind.QUICKBOOKS, "chose the tax codes", connection.company_id)
    outbox.queue_stopped(connection.id, "no_tax_code")
    db.session.commit()
    flash("Tax codes saved.", "success")
    return see_other(url_for(".tax_and_terms"))


@blueprint.post("/settings/integrations/quickbooks/read-again")
@owner_only
def read_again() -> Response:
    """The company's settings, accounts and tax codes; back to the page that asked."""
    connection = connection_or_leave()
    try:
        read_facts(connection.id, impatient_client_for(connection.id))
    except (ApiError, TokenError) as error:
        flash(not_read(connection.id, error), "error")
    else:
        flash("Read again from QuickBooks.", "success")
    return see_other(url_for(".classes" if request.form.get("page") == "classes" else ".tax_and_terms"))


def _rules_page(connection: Connection) -> dict:
    facts = company.facts_of(connection)
    return {
        "connection": connection,
        "facts": facts,
        "choices": tax_choices.choices(connection, facts) if tax_choices.are_needed(facts) else [],
        "terms": [(term.value, term.label, term.label.casefold() in facts.terms) for term in Terms],
    }
