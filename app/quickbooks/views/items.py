"""What our items are in QuickBooks."""

from collections.abc import Sequence

from flask import Response, abort, flash, render_template, url_for
from htmx_flask import request

from app.accounts.guards import owner_only
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.account import company
from app.quickbooks.account.tokens import TokenError
from app.quickbooks.api.errors import ApiError
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.meanings import first_item, item_choices
from app.quickbooks.meanings.item_choices import ItemMeaning, Standing
from app.quickbooks.meanings.making import NotMade
from app.quickbooks.models import Connection, RecordKind
from app.quickbooks.pages import deep_links
from app.quickbooks.views import blueprint
from app.quickbooks.views.connected import connection_or_leave, not_read
from app.web.htmx import render_invalid, see_other
from app.web.request_limits import takes_long_lists

ITEMS = "/settings/integrations/quickbooks/items"

BUSY = "This item is on its way to QuickBooks at this moment. Try again when that is done."


@blueprint.get(ITEMS)
@owner_only
def items() -> str:
    return render_template("quickbooks/items.html", **_items_page(connection_or_leave()))


@blueprint.post(ITEMS)
@takes_long_lists
@owner_only
def choose_items() -> Response:
    """All of them or none; an empty field means: by its name."""
    connection = connection_or_leave()
    typed = {
        field.removeprefix("item-"): text.strip()
        for field, text in request.form.items()
        if field.startswith("item-")
    }
    page = _items_page(connection)
    if page["choices"] is None:  # QuickBooks could not be read; what was typed stays
        page["choices"] = item_choices.unread(connection)
        return render_invalid("quickbooks/items.html", **page, typed=typed)
    changed = _changed(page["choices"], typed)
    wrong = _choose_all(connection, changed, typed, page["records"])
    if wrong:
        db.session.rollback()
        return render_invalid("quickbooks/items.html", **page, typed=typed, wrong=wrong)
    if changed:
        outbox.queue_stopped(connection.id, "inactive_reference")
    db.session.commit()
    flash(_saved([choice.name for choice in changed]), "success")
    return see_other(url_for(".items"))


@blueprint.post(f"{ITEMS}/first")
@owner_only
def make_first_item() -> Response:
    """The first that earns into the chosen income account."""
    connection = connection_or_leave()
    account = company.facts_of(connection).income_account(connection.preferences.income_account_id)
    try:
        name = first_item.proposed(account, item_choices.read_items(connection.id))
        if account and name:
            first_item.make(connection.id, name, account.id)
            record(ActivityKind.QUICKBOOKS, f"made the item {name} in QuickBooks", connection.company_id)
            flash(f"{name} is in QuickBooks now.", "success")
        db.session.commit()
    except (ApiError, TokenError) as error:
        flash(not_read(connection.id, error), "error")
    except NotMade as refusal:
        flash(f"QuickBooks did not take it: {refusal}", "error")
    return see_other(url_for(".items"))


def _changed(choices: Sequence[ItemMeaning], typed: dict[str, str]) -> list[ItemMeaning]:
    """What was typed anew; an empty field of one that was deleted there has it made again."""
    known = {choice.key: choice for choice in choices}
    if typed.keys() - known.keys():
        abort(404)
    return [
        choice
        for key, choice in known.items()
        if key in typed and (typed[key] != choice.there or choice.standing is Standing.GONE)
    ]


def _choose_all(
    connection: Connection, changed: Sequence[ItemMeaning], typed: dict[str, str], there: list[RemoteRecord]
) -> dict[str, str]:
    """What is wrong, by key."""
    wrong = {}
    for choice in changed:
        wanted = typed[choice.key]
        if problem := _choose(connection, choice.name, wanted, there):
            wrong[choice.key] = problem
        else:
            meant = f"the QuickBooks item {wanted}" if wanted else "the QuickBooks item of its name"
            record(ActivityKind.QUICKBOOKS, f"chose {meant} for {choice.name}", connection.company_id)
    return wrong


def _choose(connection: Connection, name: str, typed: str, there: list[RemoteRecord]) -> str:
    """What is wrong, if anything."""
    try:
        if not typed:
            item_choices.choose_by_name(connection, name)
            return ""
        wanted = typed.casefold()
        for remote in there:
            if item_choices.full_name(remote).casefold() == wanted:
                item_choices.choose(connection, name, remote)
                return ""
    except item_choices.Busy:
        return BUSY
    return "QuickBooks has no item of this name. Pick one from the list."


def _saved(names: Sequence[str]) -> str:
    if not names:
        return "Nothing was changed."
    return (
        f"{', '.join(names)}: used from the next invoice on. What QuickBooks has already changes when it is "
        "re-synced."
    )


def _items_page(connection: Connection) -> dict:
    try:
        there = item_choices.read_items(connection.id)
    except (ApiError, TokenError) as error:
        return {"choices": None, "problem": not_read(connection.id, error)}
    account = company.facts_of(connection).income_account(connection.preferences.income_account_id)
    names = sorted((item_choices.full_name(remote) for remote in there), key=str.casefold)
    return {
        "choices": item_choices.choices(connection, there),
        "names": names,
        "records": there,
        "account": account,
        "first_item": first_item.proposed(account, there),
        "there": deep_links.address(connection, RecordKind.ITEM, ""),
    }
