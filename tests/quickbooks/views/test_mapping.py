"""What our words mean in QuickBooks: items and tax codes, seen and chosen by the Owner."""

from decimal import Decimal

import pytest

from app.extensions import db
from app.invoices.overdue import mark_overdue
from app.quickbooks.account import company
from app.quickbooks.meanings import item_choices
from app.quickbooks.meanings.item_choices import Standing
from app.quickbooks.models import Item, RecordKind, RemoteLink, TaskState
from tests.quickbooks import builders
from tests.realms import AUTOMATED_TAX, UK

QUICKBOOKS = "/settings/integrations/quickbooks"
ITEMS, RULES = f"{QUICKBOOKS}/items", f"{QUICKBOOKS}/tax-and-terms"


@pytest.fixture
def person(owner, quickbooks):
    return builders.customer(owner.company)


def standings(quickbooks) -> dict[str, tuple[Standing, str]]:
    there = item_choices.read_items(quickbooks.connection.id)
    found = item_choices.choices(quickbooks.connection, there)
    return {choice.name: (choice.standing, choice.there) for choice in found}


def item_used(quickbooks, bill) -> str:
    """The name of the item on the first line there."""
    (there,) = (one for one in quickbooks.books("Invoice") if one["DocNumber"] == bill.number)
    ref = there["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"]
    return next(one["Name"] for one in quickbooks.books("Item") if one["Id"] == ref)


def seed_item(quickbooks) -> dict:
    """A service that every company has from the start."""
    return next(one for one in quickbooks.books("Item") if one["Type"] == "Service")


@pytest.mark.parametrize("address", [ITEMS, RULES])
def test_owners_only_and_connected_only(owner, dispatcher, stranger, quickbooks, address):
    assert owner.get(address).status_code == 200
    assert dispatcher.get(address).status_code == 403
    assert stranger.get(address).status_code == 303
    quickbooks.disconnect()
    assert owner.get(address).status_code == 303


def test_names_are_found_by_name_or_made(owner, quickbooks, person):
    known = seed_item(quickbooks)["Name"]
    builders.invoice(person, lines=((known.upper(), "1", "5.00"), ("Duct tape", "1", "2.00")))
    assert standings(quickbooks) == {
        known.upper(): (Standing.FOUND, known),
        "Duct tape": (Standing.NEW, ""),
    }
    quickbooks.drain()
    assert {standing for standing, _ in standings(quickbooks).values()} == {Standing.LINKED}


def test_drafts_are_nobodys_business(quickbooks, person):
    builders.invoice(person, status="draft", lines=(("Secret", "1", "5.00"),))
    assert standings(quickbooks) == {}


def test_a_chosen_item_is_used_from_the_next_invoice_on(owner, quickbooks, person):
    bill = builders.invoice(person, lines=(("Duct tape", "1", "2.00"),))
    name = seed_item(quickbooks)["Name"]
    answer = owner.post(ITEMS, {"item-duct tape": name})
    assert answer.status_code == 303
    quickbooks.drain()
    assert item_used(quickbooks, bill) == name
    assert "Duct tape" not in {one["Name"] for one in quickbooks.books("Item")}


def test_two_names_may_mean_one_item(owner, quickbooks, person):
    bills = [builders.invoice(person, lines=((name, "1", "2.00"),)) for name in ("Tape", "Duct tape")]
    name = seed_item(quickbooks)["Name"]
    for key in ("tape", "duct tape"):
        owner.post(ITEMS, {f"item-{key}": name})
    quickbooks.drain()
    assert [item_used(quickbooks, bill) for bill in bills] == [name, name]


def test_an_item_chosen_after_the_push_counts_when_it_is_forced(owner, quickbooks, person):
    bill = builders.invoice(person, lines=(("Duct tape", "1", "2.00"),))
    quickbooks.drain()
    name = seed_item(quickbooks)["Name"]
    owner.post(ITEMS, {"item-duct tape": name})
    quickbooks.drain()
    assert item_used(quickbooks, bill) == "Duct tape"
    owner.post(f"/invoices/{bill.id}/quickbooks")
    quickbooks.drain()
    assert item_used(quickbooks, bill) == name


def test_an_empty_field_goes_back_to_the_name(owner, quickbooks, person):
    bill = builders.invoice(person, lines=(("Duct tape", "1", "2.00"),))
    owner.post(ITEMS, {"item-duct tape": seed_item(quickbooks)["Name"]})
    owner.post(ITEMS, {"item-duct tape": ""})
    quickbooks.drain()
    assert item_used(quickbooks, bill) == "Duct tape"


def test_a_name_that_was_never_chosen_is_left_to_its_first_invoice(owner, quickbooks, person):
    quickbooks.drain()
    builders.invoice(person, lines=(("Duct tape", "1", "2.00"),), announce=False)
    owner.post(ITEMS, {"item-duct tape": ""})
    quickbooks.drain()
    assert "Duct tape" not in {one["Name"] for one in quickbooks.books("Item")}


def test_a_name_that_is_not_there_is_said_beside_the_field(owner, quickbooks, person):
    builders.invoice(person, lines=(("Duct tape", "1", "2.00"),))
    answer = owner.post(ITEMS, {"item-duct tape": "Ductape"})
    assert answer.status_code == 422
    assert "QuickBooks has no item of this name" in answer.text
    assert 'value="Ductape"' in answer.text
    assert db.session.query(RemoteLink).filter_by(kind=RecordKind.ITEM).count() == 0


def test_a_name_of_nobodys_is_not_found(owner, quickbooks, person):
    assert owner.post(ITEMS, {"item-duct tape": "x"}).status_code == 404


def test_all_are_saved_as_one_form_or_none(owner, quickbooks, person):
    builders.invoice(person, lines=(("Tape", "1", "2.00"), ("Duct tape", "1", "2.00")))
    name = seed_item(quickbooks)["Name"]
    refused = owner.post(ITEMS, {"item-tape": name, "item-duct tape": "Ductape"})
    assert refused.status_code == 422
    assert refused.text.count("is-invalid") == 1
    assert f'value="{name}"' in refused.text
    assert db.session.query(RemoteLink).filter_by(kind=RecordKind.ITEM).count() == 0
    owner.post(ITEMS, {"item-tape": name, "item-duct tape": name})
    assert "Duct tape, Tape: used from the next invoice on." in owner.get(ITEMS).text
    assert {there for _, there in standings(quickbooks).values()} == {name}


def test_what_was_not_touched_is_not_chosen(owner, quickbooks, person):
    known = seed_item(quickbooks)["Name"]
    builders.invoice(person, lines=((known, "1", "5.00"),))
    owner.post(ITEMS, {f"item-{known.lower()}": known})
    assert "Nothing was changed." in owner.get(ITEMS).text
    assert standings(quickbooks) == {known: (Standing.FOUND, known)}


def test_an_item_on_the_wire_is_left_alone(owner, quickbooks, person):
    builders.invoice(person, lines=(("Duct tape", "1", "2.00"),))
    quickbooks.drain()
    item = db.session.query(Item).filter_by(name_key="duct tape").one()
    builders.put_in(builders.task_of(quickbooks.connection, item), TaskState.SENDING)
    answer = owner.post(ITEMS, {"item-duct tape": seed_item(quickbooks)["Name"]})
    assert answer.status_code == 422
    assert "on its way" in answer.text


def test_inactive_and_deleted_items_are_said(owner, quickbooks, person):
    builders.invoice(person, lines=(("Duct tape", "1", "2.00"),))
    quickbooks.drain()
    there = next(one for one in quickbooks.books("Item") if one["Name"] == "Duct tape")
    quickbooks.do("item", there["Id"], "deactivate")
    ((standing, _),) = standings(quickbooks).values()
    assert standing is Standing.INACTIVE
    db.session.query(RemoteLink).filter_by(remote_id=there["Id"], kind=RecordKind.ITEM).update(
        {"remote_id": "99999"}
    )
    db.session.commit()
    assert standings(quickbooks) == {"Duct tape": (Standing.GONE, "")}


def test_what_stopped_at_a_deleted_item_goes_with_the_chosen_one(owner, quickbooks, person):
    lines = (("Duct tape", "1", "2.00"),)
    builders.invoice(person, lines=lines)
    quickbooks.drain()
    db.session.query(RemoteLink).filter_by(kind=RecordKind.ITEM).update({"remote_id": "99999"})
    db.session.commit()
    bill = builders.invoice(person, lines=lines)
    quickbooks.drain()
    task = builders.task_of(quickbooks.connection, bill)
    assert task.state is TaskState.ERROR
    name = seed_item(quickbooks)["Name"]
    assert owner.post(ITEMS, {"item-duct tape": name}).status_code == 303
    quickbooks.drain()
    db.session.refresh(task)
    assert task.state is TaskState.SYNCED
    assert item_used(quickbooks, bill) == name


def test_a_quickbooks_that_does_not_answer_is_said(owner, quickbooks, person):
    builders.invoice(person)
    quickbooks.script("status", status=500, operation="query", times=None)
    answer = owner.get(ITEMS)
    assert answer.status_code == 200
    assert "could not be read" in answer.text


@pytest.fixture
def uk(owner, quickbooks_of):
    """A British company, with two codes of 20 %."""
    owner.company.currency = "GBP"
    db.session.commit()
    books = quickbooks_of(owner, UK)
    connection = books.connect()
    facts = connection.facts
    (standard,) = (code for code in facts["tax_codes"] if Decimal(code["rate"]) == 20)
    connection.facts = facts | {
        "tax_codes": [*facts["tax_codes"], standard | {"id": "777", "name": "0 first by name"}]
    }
    db.session.commit()
    return books, standard


def test_a_chosen_tax_code_is_sent(owner, uk):
    books, standard = uk
    person = builders.customer(owner.company)
    builders.invoice(person, tax_rate=Decimal(20))
    assert company.facts_of(books.connection).tax_code_for(Decimal(20)).id == "777"
    assert "0 first by name" in owner.get(RULES).text
    assert owner.post(RULES, {"rate-20": standard["id"]}).status_code == 303
    assert company.facts_of(books.connection).tax_code_for(Decimal(20)).id == standard["id"]


def test_a_code_of_another_rate_is_refused(owner, uk):
    books, _ = uk
    builders.invoice(builders.customer(owner.company), tax_rate=Decimal(20))
    other = next(code for code in books.connection.facts["tax_codes"] if Decimal(code["rate"]) == 0)
    answer = owner.post(RULES, {"rate-20": other["id"]})
    assert answer.status_code == 422
    assert "no longer has this tax code at this rate" in answer.text
    assert books.connection.preferences.tax_codes == {}


def test_a_rate_without_a_code_is_said_and_waits_until_there_is_one(owner, uk):
    books, _ = uk
    bill = builders.invoice(builders.customer(owner.company), tax_rate=Decimal("17.5"))
    assert "QuickBooks has no tax code of 17.5 %" in owner.get(RULES).text
    books.drain()
    task = builders.task_of(books.connection, bill)
    assert (task.state, task.problem) == (TaskState.ERROR, "no_tax_code")
    assert owner.post(f"{QUICKBOOKS}/read-again").status_code == 303
    db.session.refresh(task)
    assert task.state is TaskState.QUEUED


def test_automated_tax_has_nothing_to_choose(owner, quickbooks_of):
    books = quickbooks_of(owner, AUTOMATED_TAX)
    books.connect()
    builders.invoice(builders.customer(owner.company), tax_rate=Decimal("8.25"))
    page = owner.get(RULES).text
    assert "QuickBooks computes sales tax by itself" in page
    assert "<select" not in page


def test_a_taxed_invoice_of_an_exempt_customer_stops_before_quickbooks_drops_the_tax(owner, quickbooks_of):
    books = quickbooks_of(owner, AUTOMATED_TAX)
    books.connect()
    library = builders.customer(owner.company, state="CA", tax_exempt=True)
    bill = builders.invoice(library, tax_rate=Decimal("8.25"))
    books.drain()
    task = builders.task_of(books.connection, bill)
    assert (task.state, task.problem) == (TaskState.ERROR, "exempt_but_taxed")
    assert books.books("Invoice") == []


def test_one_that_is_there_asks_nothing_when_it_is_late_or_paid(owner, quickbooks_of, clock):
    """Its customer became exempt meanwhile; the invoice says what it said."""
    books = quickbooks_of(owner, AUTOMATED_TAX)
    books.connect()
    library = builders.customer(owner.company, state="CA")
    bill = builders.sent_invoice(library, tax_rate=Decimal("8.25"))
    books.drain()
    builders.edit_customer(library, tax_exempt=True)
    clock.advance(days=31)
    mark_overdue()
    books.drain()
    builders.payment(bill, str(bill.total))
    books.drain()
    books.in_order(bill)


@pytest.mark.parametrize(
    ("preferences", "words"),
    [
        ({"SalesFormsPrefs": {"CustomTxnNumbers": True}}, "QuickBooks keeps the numbers of FSM Navigator"),
        ({"SalesFormsPrefs": {"CustomTxnNumbers": False}}, "Custom transaction numbers” is off"),
        ({"AccountingInfoPrefs": {"BookCloseDate": "2026-01-31"}}, "closed up to Jan 31, 2026"),
        ({"AccountingInfoPrefs": {"BookCloseDate": "2026-01-31"}}, "listed under “Closed books”"),
    ],
)
def test_the_settings_of_quickbooks_are_explained(owner, quickbooks, preferences, words):
    quickbooks.simulator.company(quickbooks.realm, preferences=preferences)
    owner.post(f"{QUICKBOOKS}/read-again")
    assert words in owner.get(RULES).text


@pytest.mark.parametrize("custom", [True, False])
def test_an_invoice_keeps_its_number_whatever_quickbooks_counts(owner, quickbooks, person, custom):
    rules = {"SalesFormsPrefs": {"CustomTxnNumbers": custom}}
    quickbooks.simulator.company(quickbooks.realm, preferences=rules)
    owner.post(f"{QUICKBOOKS}/read-again")
    bill = builders.invoice(person)
    quickbooks.drain()
    first = quickbooks.invoice(bill.number)
    owner.post(f"/invoices/{bill.id}/quickbooks")
    quickbooks.drain()
    assert quickbooks.invoice(bill.number)["Id"] == first["Id"]


def test_reading_again_may_fail(owner, quickbooks):
    quickbooks.script("maintenance", operation="query", times=None)
    answer = owner.post(f"{QUICKBOOKS}/read-again", follow_redirects=True)
    assert "could not be read" in answer.text


def test_the_first_item_of_the_income_account_is_made_by_one_click(quickbooks, owner):
    """Where nothing in QuickBooks earns into the account that was chosen."""
    earning = {item.get("IncomeAccountRef", {}).get("value") for item in quickbooks.books("Item")}
    facts = company.facts_of(quickbooks.connection)
    account = next(one for one in facts.income_accounts if one.id not in earning)
    quickbooks.connection.preferences.income_account_id = account.id
    db.session.commit()
    page = owner.get("/settings/integrations/quickbooks/items").text
    assert f"No item in QuickBooks earns into {account.name} yet." in page
    owner.post("/settings/integrations/quickbooks/items/first")
    (made,) = [
        item
        for item in quickbooks.books("Item")
        if item.get("IncomeAccountRef", {}).get("value") == account.id
    ]
    assert (
        f"{made['Name']} is in QuickBooks now." in owner.get("/settings/integrations/quickbooks/items").text
    )
    owner.post("/settings/integrations/quickbooks/items/first")
    assert [item["Name"] for item in quickbooks.books("Item")].count(made["Name"]) == 1
