"""Customers of Harbor Heating, and an ear for what is announced about them."""

import io
from collections.abc import Iterator
from typing import Any

import pytest

from app.customers.events import customers_changed
from app.customers.models import Customer
from app.customers.records import CustomerData, LocationData, create_customer
from app.extensions import db
from tests.people import Actor

Announced = list[tuple[int, list[int]]]


@pytest.fixture
def announced() -> Iterator[Announced]:
    heard: Announced = []

    def listen(company_id: int, ids: list[int], **_: Any) -> None:
        heard.append((company_id, ids))

    with customers_changed.connected_to(listen):
        yield heard


@pytest.fixture
def bakery(owner: Actor) -> Customer:
    """A customer with two locations, the second of which is not primary."""
    customer = create_customer(
        owner.company,
        CustomerData(
            name="Elm Street Bakery",
            number="C-1",
            contact_given_name="Rosa",
            contact_family_name="Martín",
            email="rosa@elm.example",
            phone="(503) 555-0134",
            notes="Ring twice.\nMind the cat.",
            locations=[
                LocationData(label="Shop", street="12 Elm Street", city="Portland", is_primary=True),
                LocationData(label="Mill", street="1 Mill Road", city="Salem"),
            ],
        ),
    )
    db.session.commit()
    return customer


def upload(actor: Actor, content: str | bytes) -> Any:
    """Choose a file on the import page; the answer leads to the preview or lists what is wrong."""
    data = content.encode() if isinstance(content, str) else content
    return actor.post("/customers/import", {"file": (io.BytesIO(data), "customers.csv")})


def add_customers(actor: Actor, *names: str) -> list[Customer]:
    customers = [create_customer(actor.company, CustomerData(name=name)) for name in names]
    db.session.commit()
    return customers
