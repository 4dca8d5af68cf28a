"""What is proposed while an item is typed: what was used before, and what QuickBooks is known to have."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from app.extensions import db
from app.quickbooks.models import Connection, KnownRecord, RecordKind
from app.quickbooks.orders import disconnect
from tests.people import Actor
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.scenarios.test_known import told

List = Callable[..., None]


@pytest.fixture
def connection(owner: Actor) -> Connection:
    return builders.connected(owner.company)


@pytest.fixture
def list_items(connection: Connection) -> List:
    """Puts items on the list of what QuickBooks has."""

    def add(*names: str, of: Connection = connection, **fields) -> None:
        db.session.add_all(
            KnownRecord(
                connection_id=of.id,
                remote_id=name,
                **{"kind": RecordKind.ITEM, "key": name.casefold(), "name": name, **fields},
            )
            for name in names
        )
        db.session.commit()

    return add


def options(page: str) -> list[str]:
    listed = page.split('<datalist id="item-names">')[1].split("</datalist>")[0]
    return [unescape(name) for name in re.findall(r'<option value="([^"]*)">', listed)]


def found(actor: Actor, typed: str) -> list[str]:
    return options(actor.htmx("GET", f"/invoices/items?lines-3-item={typed}").text)


def offered(actor: Actor) -> list[str]:
    return options(actor.get("/invoices/new").text)


def test_the_items_of_quickbooks_are_proposed_after_those_used_before(owner, list_items):
    builders.invoice(builders.customer(owner.company), lines=(("Tune-up", "1", "9"), ("LABOR", "1", "9")))
    list_items("Furnace 24”", "Labor", "air filter 16x25")
    assert offered(owner) == ["LABOR", "Tune-up", "air filter 16x25", "Furnace 24”"]


def test_of_what_was_used_before_the_usual_spelling_is_proposed(owner, list_items):
    person = builders.customer(owner.company)
    for name in ("LABOR", "Labor", "Labor", "labor", "Labor", "Filter"):
        builders.invoice(person, lines=((name, "1", "9"),))
    list_items("lAbor")
    assert offered(owner) == ["Labor", "Filter"]


def test_what_was_sent_is_proposed_without_a_list(quickbooks, owner):
    builders.sent_invoice(builders.customer(owner.company), lines=(("Furnace tune-up", "1", "9"),))
    quickbooks.drain()
    assert offered(owner) == ["Furnace tune-up"]


def test_only_what_a_line_can_name_is_proposed(owner, list_items):
    list_items("Parts", is_sold=False)
    list_items("", key="not read yet", unread=True)
    list_items("INV-1", kind=RecordKind.INVOICE)
    list_items("Labor")
    assert offered(owner) == found(owner, "") == ["Labor"]


def test_nothing_of_another_company_or_of_an_old_connection(owner, stranger, connection, list_items):
    list_items("Strange labor", of=builders.connected(stranger.company, realm="9130350000000002"))
    list_items("Labor")
    assert found(owner, "labor") == ["Labor"]
    disconnect(connection)
    db.session.commit()
    assert offered(owner) == found(owner, "labor") == []


def test_who_has_no_quickbooks_never_asks(owner):
    builders.invoice(builders.customer(owner.company), lines=(("Labor", "1", "9"),))
    page = owner.get("/invoices/new").text
    assert options(page) == ["Labor"]
    assert "/invoices/items" not in page


def test_of_a_long_list_the_form_has_some_and_typing_finds_the_rest(owner, list_items):
    builders.invoice(builders.customer(owner.company), lines=(("Labor", "1", "9"),))
    list_items(*(f"Part {number:04}" for number in range(3_000)))
    list_items("Zone valve 100%")
    assert len(offered(owner)) == 101
    assert found(owner, "VALVE") == ["Labor", "Zone valve 100%"]
    assert found(owner, "%25") == ["Labor", "Zone valve 100%"]
    assert found(owner, "part 299") == ["Labor", *(f"Part {number}" for number in range(2990, 3000))]
    assert len(found(owner, "part")) == 101


def test_an_item_that_is_out_of_use_there_is_not_proposed(quickbooks, owner):
    person = builders.customer(owner.company)
    builders.sent_invoice(person, lines=(("Labor", "1", "9"),))
    quickbooks.drain()
    account = {"value": quickbooks.connection.preferences.income_account_id}
    for name in ("Filter", "Fan belt"):
        made = create(quickbooks, "Item", Name=name, Type="Service", IncomeAccountRef=account)
    quickbooks.do("item", made["Id"], "deactivate")
    told(quickbooks, "Item", made["Id"])
    builders.sent_invoice(person, lines=(("Gasket", "1", "9"),))
    quickbooks.drain()
    assert "Filter" in found(owner, "f")
    assert not [name for name in found(owner, "") if "Fan belt" in name]
