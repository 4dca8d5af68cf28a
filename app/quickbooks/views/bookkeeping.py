"""What a bookkeeper wants of the books: accounts of payments, classes and locations, terms."""

from dataclasses import replace

from flask import Response, abort, flash, make_response, render_template, url_for
from htmx_flask import request

from app.accounts.guards import owner_only
from app.accounts.models import Terms
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db
from app.quickbooks.account import company
from app.quickbooks.account.tokens import TokenError
from app.quickbooks.api.errors import ApiError
from app.quickbooks.mapping.tracking import About, Rule, Tracking
from app.quickbooks.meanings import money_choices, terms, tracking_rules
from app.quickbooks.meanings.making import NotMade
from app.quickbooks.models import Connection
from app.quickbooks.views import blueprint
from app.quickbooks.views.connected import connection_or_leave, not_read
from app.web.htmx import render_invalid, see_other

PAYMENTS = "/settings/integrations/quickbooks/payments"
CLASSES = "/settings/integrations/quickbooks/classes"


@blueprint.get(PAYMENTS)
@owner_only
def payment_routes() -> str:
    return render_template("quickbooks/payments.html", **_payments_page(connection_or_leave()))


@blueprint.post(PAYMENTS)
@owner_only
def choose_payment_routes() -> Response:
    connection = connection_or_leave()
    accounts, methods = (_prefixed(f"{part}-") for part in ("account", "method"))
    try:
        money_choices.choose(connection, company.facts_of(connection), accounts, methods)
    except ValueError as refusal:
        page = _payments_page(connection)
        return render_invalid("quickbooks/payments.html", **page, problem=str(refusal))
    record(ActivityKind.QUICKBOOKS, "chose the accounts of payments", connection.company_id)
    db.session.commit()
    flash("Saved. It counts for payments and refunds that are sent from now on.", "success")
    return see_other(url_for(".payment_routes"))


@blueprint.post("/settings/integrations/quickbooks/terms")
@owner_only
def make_terms() -> Response:
    """Make payment terms in QuickBooks."""
    connection = connection_or_leave()
    wanted = next((one for one in Terms if one.value == request.form.get("terms")), None) or abort(404)
    try:
        terms.make(connection.id, wanted)
    except (ApiError, TokenError) as error:
        flash(not_read(connection.id, error), "error")
    except NotMade as refusal:
        flash(f"QuickBooks did not make {wanted.label}: {refusal}", "error")
    else:
        record(ActivityKind.QUICKBOOKS, f"made the terms {wanted.label} in QuickBooks", connection.company_id)
        db.session.commit()
        flash(f"{wanted.label} is in QuickBooks now.", "success")
    return see_other(url_for(".tax_and_terms"))


@blueprint.get(CLASSES)
@owner_only
def classes() -> str:
    connection = connection_or_leave()
    chosen = Tracking.from_json(connection.preferences.tracking)
    rows = tracking_rules.stored(connection)
    return render_template("quickbooks/classes.html", **_classes_page(connection, chosen, rows))


@blueprint.post(CLASSES)
@owner_only
def choose_classes() -> Response:
    """Save, or show first what the rules would make of the last invoices."""
    connection = connection_or_leave()
    facts = company.facts_of(connection)
    default = Rule(
        About.ITEM, "", *(request.form.get(f"default_{part}", "") for part in ("class", "location"))
    )
    rows = tracking_rules.check(connection, facts, _typed_rules(connection))
    if any(row.problem for row in rows):
        shown = Tracking(default.class_id, default.location_id)
        return render_invalid("quickbooks/classes.html", **_classes_page(connection, shown, rows))
    chosen = tracking_rules.understood(connection, default, rows)
    if "preview" in request.form:
        seen = tracking_rules.preview(connection, replace(facts, tracking=chosen))
        page = _classes_page(connection, chosen, rows)
        return make_response(render_template("quickbooks/classes.html", **page, previewed=seen))
    connection.preferences.tracking = chosen.as_json()
    record(ActivityKind.QUICKBOOKS, "chose classes and locations", connection.company_id)
    db.session.commit()
    flash("Saved. It counts for invoices that are new in QuickBooks from now on.", "success")
    return see_other(url_for(".classes"))


def _typed_rules(connection: Connection) -> list[tracking_rules.TypedRule]:
    rows = tracking_rules.typed(request.form.to_dict(flat=False))
    return rows if len(rows) <= tracking_rules.most(connection) else abort(400)


def _prefixed(start: str) -> dict[str, str]:
    """The fields of the form whose names begin so, by the rest of their names."""
    return {name.removeprefix(start): value for name, value in request.form.items() if name.startswith(start)}


def _payments_page(connection: Connection) -> dict:
    facts = company.facts_of(connection)
    usual = {account.id: account.name for account in facts.deposit_accounts}
    return {
        "connection": connection,
        "facts": facts,
        "choices": money_choices.choices(connection, facts),
        "usual_account": usual.get(connection.preferences.deposit_account_id or "", ""),
        "methods": sorted(facts.payment_method_names.items(), key=lambda pair: pair[1].casefold()),
    }


def _classes_page(connection: Connection, chosen: Tracking, rows: list[tracking_rules.TypedRule]) -> dict:
    facts = company.facts_of(connection)
    room = max(0, tracking_rules.MAX_RULES - len(rows))
    empty = [tracking_rules.TypedRule()] * min(room, tracking_rules.EMPTY_ROWS)
    return {
        "connection": connection,
        "facts": facts,
        "chosen": chosen,
        "rows": [*rows, *empty],
        "most": tracking_rules.MAX_RULES,
        "abouts": list(About),
        "classes": sorted(facts.classes.items(), key=lambda pair: pair[1].casefold()),
        "locations": sorted(facts.locations.items(), key=lambda pair: pair[1].casefold()),
    }
