"""Screening goes by keys, in a database that other companies fill: its work grows with what is similar."""

import time

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import selectinload

from app.customers.models import Customer
from app.extensions import db
from app.quickbooks.matching import directory, screening
from app.quickbooks.matching.rules import MANY
from tests.quickbooks import builders

SIZE = 5000


def theirs(n: int, **changes) -> dict:
    return {
        "Id": str(n),
        "DisplayName": f"Family {n} Heating LLC",
        "PrimaryPhone": {"FreeFormNumber": f"(207) 5{n:06}"},
        "PrimaryEmailAddr": {"Address": f"office{n}@family.example"},
        "BillAddr": {"Line1": f"{n} Harbor Street", "PostalCode": "04101"},
        **changes,
    }


@pytest.fixture
def connection(owner):
    return builders.connected(owner.company)


def people(company_id: int, count: int) -> list[Customer]:
    """Every tenth has the phone of one of theirs, under another spelling."""
    rows = [
        {
            "company_id": company_id,
            "name": f"Family {n} Heating",
            "phone": f"207-5{n:06}" if n % 10 == 0 else f"503-5{n:06}",
            "email": f"{n}@ours.example",
        }
        for n in range(count)
    ]
    db.session.execute(insert(Customer), rows)
    db.session.commit()
    query = db.session.query(Customer).filter_by(company_id=company_id)
    return query.options(selectinload(Customer.locations)).all()


def test_five_thousand_by_five_thousand(connection, owner, stranger, count_queries):
    other = builders.connected(stranger.company, "2")
    for one in (connection, other):
        directory.replace(one.id, [theirs(n) for n in range(SIZE)])
    db.session.commit()
    everyone = people(owner.company_id, SIZE)
    started = time.perf_counter()
    with count_queries() as counter:
        asked = screening.doubts(connection, [(person, None) for person in everyone])
    seconds = time.perf_counter() - started
    assert len(asked) == SIZE / 10
    assert {question.told for question in asked.values()} == {"same phone, another spelling of the name"}
    assert counter.count <= 3
    assert seconds < 15, f"{seconds:.1f} s"


def test_another_companys_list_is_none_of_ours(connection, owner, stranger):
    other = builders.connected(stranger.company, "2")
    directory.replace(other.id, [theirs(1)])
    person = builders.customer(owner.company, "Family Heating", email="office1@family.example")
    assert screening.doubts(connection, [(person, None)]) == {}


@pytest.mark.parametrize("count", [1, MANY, MANY + 1])
def test_an_e_mail_that_many_have_asks_nothing(connection, owner, count):
    shared = {"PrimaryEmailAddr": {"Address": "none@example.com"}}
    directory.replace(connection.id, [theirs(n, **shared) for n in range(count)])
    person = builders.customer(owner.company, "Rivera HVAC", email="None@example.com")
    assert bool(screening.doubts(connection, [(person, None)])) == (count <= MANY)


def test_who_left_quickbooks_is_forgotten(connection, owner):
    directory.replace(connection.id, [theirs(1), theirs(2)])
    directory.learn(connection.id, [theirs(2, DisplayName="Renamed")], gone={"1"})
    person = builders.customer(owner.company, "Ana", email="office1@family.example")
    second = builders.customer(owner.company, "Bob", email="office2@family.example")
    asked = screening.doubts(connection, [(person, None), (second, None)])
    assert [question.there.split(",")[0] for question in asked.values()] == ["Renamed"]


def test_a_strange_record_stops_nothing(connection):
    directory.replace(connection.id, [{"Id": "1"}, theirs(2, DisplayName="x" * 900, BillAddr=None)])
    directory.replace(connection.id, [])
