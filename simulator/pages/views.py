"""The pages of a bookkeeper: companies, their lists, one record, the journal of API calls."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from simulator import bookkeeping
from simulator.books import liability
from simulator.books.company import Company
from simulator.books.kinds import KINDS
from simulator.books.table import Record
from simulator.control import companies as company_changes
from simulator.faults import Fault
from simulator.pages import formats, listings
from simulator.pages.listings import LISTINGS, Listing
from simulator.world import this_world

pages = Blueprint("pages", __name__)

ROWS = 100
Page = AnyResponse | str | tuple[str, int]


pages.add_app_template_filter(formats.money)
pages.add_app_template_filter(formats.clock_time)
pages.add_app_template_filter(formats.field_title)


@pages.app_context_processor
def navigation() -> dict[str, object]:
    return {"listings": LISTINGS}


@pages.get("/")
def companies() -> str:
    return render_template("companies.html", companies=this_world().companies.values())


@pages.get("/companies/<realm>")
def company(realm: str) -> str:
    here = _company(realm)
    grants = [grant for grant in this_world().grants.of_realm(realm) if not grant.revoked]
    invoices = list(here.tables["Invoice"])
    return render_template(
        "company.html",
        company=here,
        is_connected=bool(grants),
        counts={listing.path: len(here.tables[listing.kind]) for listing in LISTINGS.values()},
        invoiced=sum(invoice["TotalAmt"] for invoice in invoices),
        liability=liability.by_jurisdiction(here),
        owed=sum(invoice["Balance"] for invoice in invoices),
    )


@pages.post("/companies/<realm>/rules")
def change_rules(realm: str) -> AnyResponse:
    """Suspension and closed books."""
    here, form = _company(realm), request.form
    with here.lock:
        company_changes.change(
            here,
            {
                "suspended": form.get("suspended") == "yes",
                "book_close_date": form.get("book_close_date") or None,
            },
        )
    return redirect(url_for("pages.company", realm=realm), 303)


@pages.post("/companies/<realm>/disconnect")
def disconnect(realm: str) -> AnyResponse:
    """As from the Apps tab in QuickBooks: both tokens die, then the browser is sent to the app."""
    world = this_world()
    world.grants.revoke_realm(_company(realm).realm)
    return redirect(world.app.disconnect_url or url_for("pages.company", realm=realm), 303)


@pages.get("/companies/<realm>/journal")
def journal(realm: str) -> str:
    here = _company(realm)
    calls = [call for call in this_world().journal.since(0) if call.realm in (None, realm)]
    return render_template("journal.html", company=here, **_page(calls[::-1]))


@pages.get("/companies/<realm>/journal/<int:number>")
def call(realm: str, number: int) -> str:
    found = this_world().journal.find(number) or abort(404)
    sent, answered = formats.pretty(found.sent), formats.pretty(found.answered)
    return render_template("call.html", company=_company(realm), call=found, sent=sent, answered=answered)


@pages.get("/companies/<realm>/<path>")
def listing(realm: str, path: str) -> str:
    here, shown = _company(realm), _listing(path)
    with here.lock:
        rows = sorted(here.tables[shown.kind], key=lambda row: int(row["Id"]), reverse=True)
    wanted = request.args.get("q", "").casefold()
    found = [
        row for row in rows if wanted in " ".join(column.value(row) for column in shown.columns).casefold()
    ]
    return render_template("listing.html", company=here, listing=shown, **_page(found))


@pages.get("/companies/<realm>/<path>/<id_>")
def record(realm: str, path: str, id_: str) -> Page:
    here, shown = _company(realm), _listing(path)
    return _record_page(here, shown, _record(here, shown, id_))


@pages.post("/companies/<realm>/<path>/<id_>/<action>")
def act(realm: str, path: str, id_: str, action: str) -> Page:
    """A button was pressed. What the books refuse is said on the record's page."""
    here, shown = _company(realm), _listing(path)
    if action != "edit" and action not in shown.buttons:
        abort(404)
    try:
        bookkeeping.perform(here, KINDS[shown.kind], id_, action, dict(request.form))
    except Fault as refusal:
        return _record_page(here, shown, _record(here, shown, id_), refusal), 422
    if action == "delete":
        return redirect(url_for("pages.listing", realm=realm, path=path), 303)
    return redirect(url_for("pages.record", realm=realm, path=path, id_=id_), 303)


def _record_page(here: Company, shown: Listing, found: Record, refusal: Fault | None = None) -> str:
    linked = _linked(here, found)
    return render_template(
        "record.html",
        company=here,
        listing=shown,
        record=found,
        state=listings.state(found),
        buttons=listings.buttons(shown, found),
        linked=linked,
        refusal=refusal,
        raw=formats.indented(found),
    )


def _linked(here: Company, found: Record) -> list[tuple[Listing, Record]]:
    """A customer's documents, an invoice's payments, a payment's invoices."""
    links = [link for line in found.get("Line", []) for link in line.get("LinkedTxn", [])]
    wanted = {(link["TxnType"], link["TxnId"]) for link in links + found.get("LinkedTxn", [])}
    return [
        (shown, row)
        for shown in LISTINGS.values()
        for row in here.tables[shown.kind]
        if (shown.kind, row["Id"]) in wanted or _belongs_to(row, found)
    ]


def _belongs_to(row: Record, found: Record) -> bool:
    return "DisplayName" in found and row.get("CustomerRef", {}).get("value") == found["Id"]


def _page(rows: list) -> dict[str, object]:
    """One page of rows, with the numbers around it."""
    number = max(request.args.get("page", 1, int), 1)
    start = (number - 1) * ROWS
    return {
        "rows": rows[start : start + ROWS],
        "total": len(rows),
        "page": number,
        "has_more": len(rows) > start + ROWS,
    }


def _company(realm: str) -> Company:
    return this_world().companies.get(realm) or abort(404)


def _listing(path: str) -> Listing:
    return LISTINGS.get(path) or abort(404)


def _record(here: Company, shown: Listing, id_: str) -> Record:
    return here.get(shown.kind, id_) or abort(404)
