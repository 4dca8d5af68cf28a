"""The list of what QuickBooks has is read in pages, and no more than one of them is in memory."""

import gc
import weakref

import pytest

from app.extensions import db
from app.quickbooks.account.gateway import client_for
from app.quickbooks.api.client import PAGE, Client
from app.quickbooks.api.write import Write
from app.quickbooks.lane import listing
from app.quickbooks.models import Connection, KnownRecord, RecordKind

ITEM = RecordKind.ITEM


class Remembered(dict):
    """A record whose end can be seen."""


class Watched(Client):
    """QuickBooks, and what we hold and have stored whenever a page is asked for."""

    def __init__(self, quickbooks) -> None:
        super().__init__(client_for(quickbooks.connection.id)._transport)
        self._quickbooks = quickbooks
        self._given: list[weakref.ref] = []
        self.refused_from = 0
        self.seen: list[tuple[int, int, bool]] = []

    def page(self, entity: str, start: int, size: int, where: str = "") -> list[Remembered]:
        assert not db.session().in_transaction(), "none is open while QuickBooks is asked"
        gc.collect()
        held = sum(one() is not None for one in self._given)
        self.seen.append((held, stored(), is_listed(self._quickbooks)))
        if self.refused_from and start >= self.refused_from:
            self._quickbooks.script("fault", code="5020", operation="query")
        found = [Remembered(record) for record in super().page(entity, start, size, where)]
        self._given += map(weakref.ref, found)
        return found


def stored() -> int:
    count = db.session.query(KnownRecord).filter_by(kind=ITEM).count()
    db.session.commit()
    return count


def is_listed(quickbooks) -> bool:
    kinds = db.session.query(Connection.known_kinds).filter_by(realm_id=quickbooks.realm).scalar()
    db.session.commit()
    return ITEM.value in kinds


def read(quickbooks, client: Watched) -> None:
    connection_id = quickbooks.connection.id
    db.session.commit()
    listing.bring_up_to_date(connection_id, lambda: client, {ITEM}, listed=(), holds=False)


@pytest.fixture
def many(quickbooks) -> int:
    """More items than a page holds; how many."""
    client = client_for(quickbooks.connection.id)
    account = {"value": quickbooks.connection.preferences.income_account_id}
    body = {"Type": "Service", "IncomeAccountRef": account}
    names = [f"Part {number:04}" for number in range(PAGE + 20)]
    for start in range(0, len(names), 30):
        some = names[start : start + 30]
        writes = [
            Write(bid=name, operation="create", entity="Item", body={**body, "Name": name}) for name in some
        ]
        made = client.batch(writes, f"many-{start}").by_bid
        assert all("Id" in record for record in made.values()), made
    return len(quickbooks.books("Item"))


def test_a_page_is_stored_before_the_next_is_asked_for(quickbooks, many):
    client = Watched(quickbooks)
    read(quickbooks, client)
    assert client.seen == [(0, 0, False), (0, PAGE, False)]
    assert (stored(), is_listed(quickbooks)) == (many, True)


def test_what_is_gone_leaves_the_list_after_the_last_page(quickbooks, many):
    place = {"connection_id": quickbooks.connection.id, "kind": ITEM}
    db.session.add(KnownRecord(**place, remote_id="gone", key="gone", name="Gone"))
    db.session.commit()
    client = Watched(quickbooks)
    read(quickbooks, client)
    assert client.seen == [(0, 1, False), (0, PAGE + 1, False)]
    assert stored() == many


def test_a_list_that_broke_off_is_not_relied_on(quickbooks, many):
    client = Watched(quickbooks)
    client.refused_from = PAGE
    read(quickbooks, client)
    assert (stored(), is_listed(quickbooks)) == (PAGE, False)
    client.refused_from = 0
    read(quickbooks, client)
    assert (stored(), is_listed(quickbooks)) == (many, True)
