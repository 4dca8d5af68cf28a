"""Customers that are twice in QuickBooks: reported, never merged. Reads only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from app.extensions import db
from app.quickbooks.matching import directory
from app.quickbooks.matching.rules import MANY, Card, reason
from app.quickbooks.models import Connection, RemoteCustomer

AT_ONCE = 20


@dataclass(frozen=True)
class Twins:
    """Two customers of QuickBooks that look like one."""

    one: Card
    other: Card
    reason: str


def twins(connection: Connection, limit: int | None = AT_ONCE) -> list[Twins]:
    """QuickBooks' own customers that share an e-mail, a phone or an address and look like one; some of them."""
    found: dict[tuple[str, str], Twins] = {}
    for key in (RemoteCustomer.email_key, RemoteCustomer.phone_key, RemoteCustomer.address_key):
        for ids in _sharing(connection, key, limit):
            for pair in _pairs(list(directory.cards(connection.id, ids).values())):
                found.setdefault((pair.one.id, pair.other.id), pair)
    return list(found.values())[:limit]


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
    return db.session.scalars(query).all()


def _pairs(cards: Sequence[Card]) -> Iterator[Twins]:
    ordered = sorted(cards, key=lambda one: one.id)
    for place, one in enumerate(ordered):
        for other in ordered[place + 1 :]:
            if why := reason(one, other):
                yield Twins(one, other, why)
