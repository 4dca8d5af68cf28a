"""Customers are written, flushed and announced before the caller commits."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.customers.events import customers_changed
from app.customers.models import Customer
from app.customers.records import (
    CustomerData,
    LocationData,
    create_customer,
    create_customers,
    taken_numbers,
    update_customer,
)
from app.extensions import db
from app.lib.clock import FixedClock
from tests.customers.conftest import Announced
from tests.people import Actor


def test_a_new_customer_is_announced_with_its_id(owner: Actor, announced: Announced):
    customer = create_customer(owner.company, CustomerData(name="Ada"))
    assert announced == [(owner.company_id, [customer.id])]


def test_many_are_announced_at_once(owner: Actor, announced: Announced):
    customers = create_customers(owner.company, [CustomerData(name=name) for name in ("Ada", "Ben")])
    assert announced == [(owner.company_id, [customer.id for customer in customers])]


def test_receivers_see_the_rows_and_share_the_transaction(owner: Actor):
    seen: list[str] = []

    def listen(company_id: int, ids: list[int]) -> None:
        query = text("SELECT name FROM customers WHERE id = ANY(:ids)")
        seen.extend(db.session.scalars(query, {"ids": ids}))

    with customers_changed.connected_to(listen):
        create_customer(owner.company, CustomerData(name="Ada"))
    db.session.rollback()
    assert seen == ["Ada"]
    assert db.session.query(Customer).count() == 0


def test_an_edit_is_announced(bakery: Customer, announced: Announced):
    update_customer(bakery, replace(CustomerData.of(bakery), phone="1"))
    assert bakery.phone == "1"
    assert announced == [(bakery.company_id, [bakery.id])]


def test_saving_what_is_there_announces_nothing(bakery: Customer, announced: Announced):
    before = bakery.updated_at
    update_customer(bakery, CustomerData.of(bakery))
    db.session.commit()
    assert announced == []
    assert bakery.updated_at == before


def test_a_change_of_a_location_is_a_change_of_the_customer(
    bakery: Customer, announced: Announced, clock: FixedClock
):
    data = CustomerData.of(bakery)
    data.locations[1].city = "Eugene"
    clock.advance(hours=1)
    update_customer(bakery, data)
    assert [place.city for place in bakery.locations] == ["Portland", "Eugene"]
    assert len(announced) == 1
    assert bakery.updated_at - bakery.created_at == timedelta(hours=1)


@pytest.mark.parametrize("primary", [0, 1])
def test_another_location_becomes_primary(bakery: Customer, primary: int):
    """Both ways round: the index allows one primary at any moment."""
    for wanted in (1 - primary, primary):
        data = CustomerData.of(bakery)
        by_id = sorted(data.locations, key=lambda place: place.id or 0)
        for place in data.locations:
            place.is_primary = place is by_id[wanted]
        update_customer(bakery, data)
        db.session.commit()
    assert bakery.primary_location.label == ("Shop", "Mill")[primary]


def test_the_primary_location_can_be_replaced(bakery: Customer):
    kept, new = CustomerData.of(bakery).locations[1], LocationData(street="New", is_primary=True)
    update_customer(bakery, replace(CustomerData.of(bakery), locations=[kept, new]))
    db.session.commit()
    assert [(place.street, place.is_primary) for place in bakery.locations] == [
        ("New", True),
        ("1 Mill Road", False),
    ]


def test_a_location_of_another_customer_is_never_taken_over(owner: Actor, bakery: Customer):
    other = create_customer(owner.company, CustomerData(name="Ada"))
    foreign = bakery.locations[0].id
    update_customer(
        other,
        replace(CustomerData.of(other), locations=[LocationData(street="X", is_primary=True, id=foreign)]),
    )
    assert other.locations[0].id != foreign
    assert bakery.locations[0].street == "12 Elm Street"


def test_taken_numbers_are_those_of_the_company(owner: Actor, stranger: Actor, bakery: Customer):
    assert taken_numbers(owner.company, ["C-1", "C-2"]) == {"C-1"}
    assert taken_numbers(stranger.company, ["C-1"]) == set()


def test_seventy_thousand_numbers_are_asked_at_once(owner: Actor, bakery: Customer):
    """A file has up to 100,000, and PostgreSQL takes 65,535 parameters."""
    assert taken_numbers(owner.company, [f"C-{n}" for n in range(70_000)]) == {"C-1"}
