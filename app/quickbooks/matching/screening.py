"""Customers that are about to be created in QuickBooks, compared with those that it has already: who is in doubt?

Names that are equal are looked up and judged elsewhere (Kind.judge); here other spellings are found. What is
compared is found by index, by a key that both have, so the work grows with what is similar and not with all pairs.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select

from app.customers.models import Customer
from app.extensions import db
from app.quickbooks.catalogue.keys import DOUBTFUL
from app.quickbooks.mapping import values
from app.quickbooks.matching import directory
from app.quickbooks.matching.rules import Card, telling
from app.quickbooks.models import Connection, RecordKind, RemoteCustomer, RemoteLink, SyncTask
from app.quickbooks.models.answers import Answer, Question

MOST = 5  # candidates that a person is shown


def doubts(
    connection: Connection, customers: Iterable[tuple[Customer, SyncTask | None]]
) -> dict[int, Question]:
    """Return the questions to ask, by the customer's id. These are customers whose name QuickBooks does not have. A
    pair that a person has set apart is not asked about again.
    """
    ours = [(customer.id, card(customer), _answer(task)) for customer, task in customers]
    shelf = _by_key(_theirs(connection, [mine for _, mine, _ in ours]))
    asked = {}
    for customer_id, mine, answer in ours:
        near = {one.id: one for key in _keys(mine) for one in shelf.get(key, ())}
        similar = telling(mine, [one for id_, one in near.items() if id_ not in answer.others])
        if similar:
            asked[customer_id] = _question(similar[:MOST])
    return asked


def card(customer: Customer) -> Card:
    home = customer.primary_location
    return Card(
        str(customer.id),
        customer.name,
        customer.email,
        customer.phone,
        home.street if home else "",
        home.city_line if home else "",
        home.postal_code if home else "",
    )


def _theirs(connection: Connection, ours: Sequence[Card]) -> list[Card]:
    """Those that share a key with one of ours, and that no customer of ours is linked to or called like."""
    columns = (RemoteCustomer.email_key, RemoteCustomer.phone_key, RemoteCustomer.address_key)
    wanted = zip(columns, zip(*map(_values, ours), strict=True), strict=True) if ours else ()
    conditions = [column.in_(filled) for column, found in wanted if (filled := set(filter(None, found)))]
    if not conditions:
        return []
    linked = select(RemoteLink.remote_id).filter_by(connection_id=connection.id, kind=RecordKind.CUSTOMER)
    rows = db.session.scalars(
        select(RemoteCustomer).where(
            RemoteCustomer.connection_id == connection.id,
            RemoteCustomer.is_active,
            or_(*conditions),
            RemoteCustomer.remote_id.not_in(linked),
        )
    )
    found = [directory.card(row) for row in rows]
    ours_too = _names_here(connection, found)
    return [one for one in found if values.customer_key(one.name) not in ours_too]


def _names_here(connection: Connection, found: Sequence[Card]) -> set[str]:
    """Of these names, those that a customer of ours has: that one is theirs, or asks by its name."""
    lowered = {one.name.lower() for one in found}
    if not lowered:
        return set()
    names = select(Customer.name).where(
        Customer.company_id == connection.company_id, func.lower(Customer.name).in_(lowered)
    )
    return {values.customer_key(name) for name in db.session.scalars(names)}


def _by_key(cards: Iterable[Card]) -> dict[tuple[int, str], list[Card]]:
    shelf = defaultdict(list)
    for one in cards:
        for key in _keys(one):
            shelf[key].append(one)
    return shelf


def _keys(one: Card) -> list[tuple[int, str]]:
    return [key for key in enumerate(_values(one)) if key[1]]


def _values(one: Card) -> tuple[str, str, str]:
    return one.email_key, one.phone_key, one.address_key


def _question(similar: Sequence[tuple[Card, str]]) -> Question:
    first, why = similar[0]
    there = ", ".join([first.name, *first.lines])
    return Question(DOUBTFUL, tuple(one.id for one, _ in similar), there, told=why)


def _answer(task: SyncTask | None) -> Answer:
    return Answer.from_json(task.answer if task else {})
