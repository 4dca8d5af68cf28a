"""Customers that are twice in QuickBooks: reported, never merged. Reads only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Select, func, select

from app.extensions import db
from app.quickbooks.matching import directory
from app.quickbooks.matching.rules import MANY, Card, reason
from app.quickbooks.models import Connection, RemoteCustomer

AT_ONCE = 20
GROUPS_A_PIECE = 500


@dataclass(frozen=True)
class Twins:
    """Two customers of QuickBooks that look like one."""

    one: Card
    other: Card
    reason: str


def twins(connection: Connection) -> list[Twins]:
    """QuickBooks' own customers that share an e-mail, a phone or an address and look like one; some of them."""
    return list(islice(_each(connection, AT_ONCE), AT_ONCE))


def all_twins(connection: Connection) -> Iterator[Twins]:
    """Read as they are asked for."""
    return _each(connection, None)


def _each(connection: Connection, limit: int | None) -> Iterator[Twins]:
    """Each pair once; of each kind that they share, so many groups at most."""
    told: set[tuple[str, str]] = set()
    for key in (RemoteCustomer.email_key, RemoteCustomer.phone_key, RemoteCustomer.address_key):
        for ids in _sharing(connection, key, limit):
            for pair in _pairs(list(directory.cards(connection.id, ids).values())):
                if (ids_of_pair := (pair.one.id, pair.other.id)) not in told:
                    told.add(ids_of_pair)
                    yield pair


def _sharing(connection: Connection, key: Any, limit: int | None) -> Iterable[Sequence[str]]:
    """The Ids of those that have the same."""
    query: Select[Sequence[str]] = (
        select(func.array_agg(RemoteCustomer.remote_id))
        .where(RemoteCustomer.connection_id == connection.id, key != "", RemoteCustomer.is_active)
        .group_by(key)
        .having(func.count().between(2, MANY))
        .order_by(key)
        .limit(limit)
    )
    if limit is None:
        return db.session.scalars(query.execution_options(yield_per=GROUPS_A_PIECE))
    return db.session.scalars(query).all()


def _pairs(cards: Sequence[Card]) -> Iterator[Twins]:
    ordered = sorted(cards, key=lambda one: one.id)
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if why := reason(one, other):
                yield Twins(one, other, why)
