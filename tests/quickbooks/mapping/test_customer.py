"""A customer in QuickBooks' shape, and whether a QuickBooks customer may be taken for ours."""

import pytest

from app.customers.models import Customer, CustomerKind, ServiceLocation
from app.quickbooks.mapping import values
from app.quickbooks.mapping.customer import customer_body, same_contact
from app.quickbooks.mapping.updates import plan
from app.quickbooks.models import RecordKind
from app.quickbooks.models.memory import Memory


def customer(**fields) -> Customer:
    blank = {"contact_given_name": "", "contact_family_name": "", "email": "", "phone": "", "notes": ""}
    kind = fields.pop("kind", CustomerKind.COMPANY)
    return Customer(**blank | {"name": "Rivera HVAC", "kind": kind, "tax_exempt": False} | fields)


def at(street: str) -> list[ServiceLocation]:
    place = ServiceLocation(street=street, city="Portland", state="ME", postal_code="04101", country="USA")
    place.is_primary = True
    return [place]


def test_a_new_customer_carries_only_what_is_filled_in():
    assert values.filled(customer_body(customer())) == {
        "DisplayName": "Rivera HVAC",
        "CompanyName": "Rivera HVAC",
        "Taxable": True,
        "Active": True,
    }


def updated(before: Customer, after: Customer, **there) -> dict:
    """What an update sends; `there` is what QuickBooks shows beside what we sent."""
    sent = values.filled(customer_body(before))
    memory = Memory(sent=sent, seen=sent | there)
    update = plan(RecordKind.CUSTOMER, customer_body(after), memory)
    return {name: value for name, value in update.body.items() if name != "Active"}


def test_an_update_clears_what_we_had_filled_in():
    body = updated(customer(email="ana@x.example", locations=at("12 Harbor St")), customer())
    assert body["PrimaryEmailAddr"] == {"Address": ""}
    assert body["BillAddr"]["Line1"] == ""
    assert body["ShipAddr"] == body["BillAddr"]


def test_an_update_leaves_alone_what_was_never_ours():
    assert updated(customer(), customer(), Notes="Pays late") == {}


def test_an_address_is_sent_whole():
    body = updated(customer(), customer(locations=at("12 Harbor St")))
    assert set(body["BillAddr"]) == {"Line1", "City", "CountrySubDivisionCode", "PostalCode", "Country"}


def test_an_individual_and_a_tax_exempt_one():
    body = values.filled(
        customer_body(customer(kind=CustomerKind.INDIVIDUAL, contact_given_name="Ana", tax_exempt=True))
    )
    assert "CompanyName" not in body
    assert (body["GivenName"], body["Taxable"]) == ("Ana", False)


def test_the_primary_location_is_the_billing_address():
    address = customer_body(customer(locations=at("12 Harbor St")))["BillAddr"]
    assert address == {
        "Line1": "12 Harbor St",
        "City": "Portland",
        "CountrySubDivisionCode": "ME",
        "PostalCode": "04101",
        "Country": "USA",
    }


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ({}, {}, True),
        ({"email": "A@x.example"}, {"PrimaryEmailAddr": {"Address": "a@X.example"}}, True),
        ({"email": "a@x.example"}, {"PrimaryEmailAddr": {"Address": "b@x.example"}}, False),
        ({"email": "a@x.example"}, {}, True),
        ({"phone": "(207) 555-0101"}, {"PrimaryPhone": {"FreeFormNumber": "+1 207.555.0101"}}, True),
        ({"phone": "(207) 555-0101"}, {"PrimaryPhone": {"FreeFormNumber": "(207) 555-0102"}}, False),
        ({"locations": at("12 Harbor St")}, {"BillAddr": {"Line1": "12 HARBOR ST"}}, True),
        ({"locations": at("12 Harbor St")}, {"BillAddr": {"Line1": "9 Elm St"}}, False),
    ],
)
def test_what_contradicts(ours: dict, theirs: dict, same: bool):
    assert same_contact(customer_body(customer(**ours)), theirs) is same


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Wolski  Zajazd", "Wolski  Zajazd"),
        ("Smith: Kitchen", "Smith - Kitchen"),
        ("Line one\nline two\t", "Line one line two"),
        ("Bell\x07", "Bell"),
        ("x" * 120, "x" * 100),
    ],
)
def test_names_quickbooks_takes(text: str, name: str):
    assert values.name(text) == name


@pytest.mark.parametrize(
    ("one", "other"), [("Rivera", "RIVERA"), ('1" pipe', "1' PIPE"), ("Straße", "STRASSE")]
)
def test_names_quickbooks_takes_for_one(one: str, other: str):
    assert values.name_key(one) == values.name_key(other)
