"""Adding and editing a customer through the pages."""

import re
from typing import Any

import pytest
from sqlalchemy import event, select, text

from app.customers.models import Customer, CustomerKind
from app.customers.records import CustomerData, LocationData, create_customer
from app.extensions import db
from tests.customers.conftest import Announced, add_customers
from tests.people import Actor

MINIMAL = {"name": "Ada Lane", "kind": "individual"}


def stored() -> Customer | None:
    return db.session.scalar(select(Customer).order_by(Customer.id.desc()))


def fields(page: str) -> dict[str, Any]:
    """What a browser would send back, unchanged."""
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]+>", page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        sent[attributes["name"]] = attributes.get("value", "")
    sent["kind"] = re.search(r'<option selected value="(\w+)"', page)[1]
    sent["notes"] = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page, re.S)[1]
    return sent


def test_a_name_is_enough(owner: Actor):
    answer = owner.post("/customers/new", MINIMAL)
    customer = stored()
    assert (answer.status_code, answer.location) == (303, f"/customers/{customer.id}")
    assert (customer.name, customer.kind, customer.number) == ("Ada Lane", CustomerKind.INDIVIDUAL, None)
    assert customer.locations == []
    assert "Ada Lane was added." in owner.get(answer.location).text


def test_everything_typed_is_kept(dispatcher: Actor, announced: Announced):
    dispatcher.post(
        "/customers/new",
        {
            "name": "  Elm Street Bakery ",
            "kind": "company",
            "number": "C-9",
            "contact_given_name": "Rosa",
            "contact_family_name": "Martín",
            "email": "rosa@elm.example",
            "phone": "(503) 555-0134",
            "tax_exempt": "y",
            "notes": "One\r\nTwo",
            "locations-0-label": "Shop",
            "locations-0-street": "12 Elm Street",
            "locations-0-city": "Portland",
            "locations-0-state": "OR",
            "locations-0-postal_code": "97205",
            "locations-0-country": "USA",
            "locations-1-street": "1 Mill Road",
            "primary": "locations-1",
        },
    )
    customer = stored()
    assert customer.name == "Elm Street Bakery"
    assert (customer.number, customer.contact_name, customer.tax_exempt) == ("C-9", "Rosa Martín", True)
    assert customer.notes == "One\nTwo"
    assert [(place.street, place.is_primary) for place in customer.locations] == [
        ("1 Mill Road", True),
        ("12 Elm Street", False),
    ]
    assert announced == [(dispatcher.company_id, [customer.id])]
    page = dispatcher.get(f"/customers/{customer.id}").text
    for words in ("Rosa Martín", "Tax-exempt", "Portland, OR 97205", "One\nTwo", "Primary", "Shop"):
        assert words in page


@pytest.mark.parametrize("primary", ["", "locations-0", "locations-7"])
def test_the_first_filled_location_is_primary_unless_another_is_chosen(owner: Actor, primary: str):
    rows = {"locations-0-street": " ", "locations-1-street": "A", "locations-2-street": "B"}
    owner.post("/customers/new", {**MINIMAL, **rows, "primary": primary})
    assert [(place.street, place.is_primary) for place in stored().locations] == [("A", True), ("B", False)]


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("name", " ", "Enter the customer&#39;s name."),
        ("name", "x" * 201, "Use at most 200 characters."),
        ("email", "rosa@", "This is not a complete e-mail address."),
        ("phone", "1" * 41, "Use at most 40 characters."),
        ("number", "C-1", "Another customer has this number."),
        ("kind", "charity", "Invalid Choice"),
        ("notes", "n" * 4001, "Use at most 4000 characters."),
        ("locations-0-postal_code", "9" * 21, "Use at most 20 characters."),
    ],
)
def test_a_mistake_is_named_beside_its_field_and_nothing_typed_is_lost(
    owner: Actor, bakery: Customer, field: str, value: str, complaint: str
):
    answer = owner.post("/customers/new", {**MINIMAL, "contact_given_name": "Typed", field: value})
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-note">{re.escape(complaint)}', answer.text)
    assert 'value="Typed"' in answer.text
    assert stored().id == bakery.id


def test_saving_the_form_as_it_came_changes_and_announces_nothing(
    owner: Actor, bakery: Customer, announced: Announced
):
    before = CustomerData.of(bakery)
    sent = fields(owner.get(f"/customers/{bakery.id}/edit").text)
    answer = owner.post(f"/customers/{bakery.id}/edit", {**sent, "notes": "Ring twice.\r\nMind the cat."})
    assert answer.location == f"/customers/{bakery.id}"
    assert CustomerData.of(bakery) == before
    assert announced == []


def test_an_edit_keeps_the_locations_ids(owner: Actor, bakery: Customer, announced: Announced):
    ids = [place.id for place in bakery.locations]
    sent = fields(owner.get(f"/customers/{bakery.id}/edit").text)
    owner.post(f"/customers/{bakery.id}/edit", {**sent, "phone": "1", "locations-1-city": "Eugene"})
    assert (bakery.phone, bakery.locations[1].city) == ("1", "Eugene")
    assert [place.id for place in bakery.locations] == ids
    assert announced == [(owner.company_id, [bakery.id])]


def test_a_customer_keeps_its_own_number_but_not_anothers(owner: Actor, bakery: Customer):
    (other,) = add_customers(owner, "Ada")
    assert owner.post(f"/customers/{bakery.id}/edit", {**MINIMAL, "number": "C-1"}).status_code == 303
    assert owner.post(f"/customers/{other.id}/edit", {**MINIMAL, "number": "C-1"}).status_code == 422


def test_two_companies_may_use_the_same_number(stranger: Actor, bakery: Customer):
    assert stranger.post("/customers/new", {**MINIMAL, "number": "C-1"}).status_code == 303


class TestRows:
    """Adding and removing location rows, with htmx and without script; neither saves anything."""

    typed = {"name": "", "email": "typed", "locations-0-street": "A", "locations-1-street": "B"}

    @staticmethod
    def rows(page: str) -> list[str]:
        return re.findall(r'name="(locations-\d+)-street"', page)

    def test_add(self, owner: Actor):
        answer = owner.post("/customers/new", {**self.typed, "primary": "locations-1", "add_location": "1"})
        assert answer.status_code == 200
        assert self.rows(answer.text) == ["locations-0", "locations-1", "locations-2"]
        assert 'value="typed"' in answer.text
        assert "invalid-feedback" not in answer.text
        assert re.search(r'value="locations-1" checked', answer.text)

    def test_remove_keeps_the_others_as_typed(self, owner: Actor):
        answer = owner.post("/customers/new", {**self.typed, "remove_location": "locations-0"})
        assert self.rows(answer.text) == ["locations-0"]
        assert re.search(r'name="locations-0-street"[^>]*value="B"', answer.text)

    @pytest.mark.parametrize(("removed", "primary"), [(0, 1), (1, 1), (2, 0)])
    def test_the_primary_location_stays_primary_while_it_is_there(
        self, owner: Actor, removed: int, primary: int
    ):
        sent = {**self.typed, "locations-2-street": "C", "primary": "locations-2"}
        page = owner.post("/customers/new", {**sent, "remove_location": f"locations-{removed}"}).text
        assert re.findall(r'value="(locations-\d)" checked', page) == [f"locations-{primary}"]

    def test_an_unknown_row_is_none(self, owner: Actor):
        answer = owner.post("/customers/new", {**self.typed, "remove_location": "locations-9"})
        assert len(self.rows(answer.text)) == 2

    def test_a_row_is_always_left(self, owner: Actor):
        answer = owner.post("/customers/new", {"locations-0-street": "A", "remove_location": "locations-0"})
        assert len(self.rows(answer.text)) == 1
        assert 'value="A"' not in answer.text

    def test_a_customer_has_at_most_a_hundred(self, owner: Actor):
        rows = {f"locations-{place}-street": f"{place} Elm Street" for place in range(100)}
        answer = owner.htmx("POST", "/customers/new", data={**MINIMAL, **rows, "add_location": "1"})
        assert len(self.rows(answer.text)) == 100
        assert "99 Elm Street" in answer.text
        assert "A customer has at most 100 service locations." in answer.text
        assert 'aria-describedby="locations-note"' in answer.text
        assert owner.post("/customers/new", {**MINIMAL, **rows}).status_code == 303
        one_more = rows | {"locations-100-street": "100 Elm Street"}
        for button in ({}, {"add_location": "1"}, {"remove_location": "locations-0"}):
            assert owner.post("/customers/new", {**MINIMAL, **one_more, **button}).status_code == 400

    def test_who_has_more_from_before_keeps_them(self, owner: Actor):
        places = [LocationData(label=str(place), is_primary=place == 0) for place in range(102)]
        customer = create_customer(owner.company, CustomerData("Ada Lane", locations=places))
        db.session.commit()
        address = f"/customers/{customer.id}/edit"
        form = fields(owner.get(address).text) | {"phone": "(503) 555-0100"}
        assert "at most 100" in owner.post(address, form | {"add_location": "1"}).text
        assert owner.post(address, form).status_code == 303
        assert (len(stored().locations), stored().phone) == (102, "(503) 555-0100")

    def test_htmx_gets_the_rows_alone(self, owner: Actor):
        answer = owner.htmx("POST", "/customers/new", data={**self.typed, "add_location": "1"})
        assert answer.text.lstrip().startswith("<section")
        assert 'id="locations"' in answer.text
        assert len(self.rows(answer.text)) == 3

    def test_an_edited_customer_is_not_touched(self, owner: Actor, bakery: Customer, announced: Announced):
        owner.post(f"/customers/{bakery.id}/edit", {**self.typed, "remove_location": "locations-0"})
        assert len(bakery.locations) == 2
        assert announced == []


def test_a_location_that_a_colleague_added_meanwhile_is_not_deleted_unasked(
    dispatcher: Actor, owner: Actor, bakery: Customer
):
    address = f"/customers/{bakery.id}/edit"
    before = fields(owner.get(address).text)
    first = before | {"locations-2-label": "Barn", "locations-2-city": "Bend", "phone": "(503) 555-0100"}
    assert dispatcher.post(address, first).status_code == 303
    second = before | {"notes": "Mind the dog."}
    answer = owner.post(address, second)
    assert answer.status_code == 422
    assert "Somebody changed the phone and the service locations since you opened this form" in answer.text
    assert f'See <a href="/customers/{bakery.id}" target="_blank">what it says now</a>' in answer.text
    assert "Mind the dog." in answer.text
    assert [place.label for place in stored().locations] == ["Shop", "Mill", "Barn"]
    assert (stored().phone, stored().notes) == ("(503) 555-0100", bakery.notes)
    assert owner.post(address, second | {"seen": fields(answer.text)["seen"]}).status_code == 303
    assert ([place.label for place in stored().locations], stored().notes) == (
        ["Shop", "Mill"],
        "Mind the dog.",
    )


def test_saving_twice_is_no_conflict(owner: Actor, bakery: Customer):
    address = f"/customers/{bakery.id}/edit"
    form = fields(owner.get(address).text) | {"phone": "(503) 555-0100"}
    assert [owner.post(address, form).status_code for _ in range(2)] == [303, 303]


def test_a_number_that_an_import_saves_at_the_same_moment_is_a_mistake_too(owner: Actor):
    """The import does not lock the company; it commits between the form's look and its save."""
    add_customers(owner, "Ada Lane")
    numbered = text("UPDATE customers SET number = 'C-1'")
    import_ = iter([numbered])

    def save(*_: object) -> None:
        for statement in import_:
            with db.engine.begin() as connection:
                connection.execute(statement)

    event.listen(db.session, "before_flush", save)
    try:
        answer = owner.post("/customers/new", MINIMAL | {"name": "Bo Reed", "number": "C-1"})
    finally:
        event.remove(db.session, "before_flush", save)
    assert answer.status_code == 422
    assert "Another customer has this number." in answer.text
    assert "Bo Reed" in answer.text
