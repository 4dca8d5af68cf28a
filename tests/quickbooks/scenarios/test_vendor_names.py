"""Vendors and employees of QuickBooks share a list of names with customers: what is known of it beforehand."""

import pytest

from app.extensions import db
from app.quickbooks.account import metering
from app.quickbooks.account.gateway import client_for
from app.quickbooks.matching import directory, other_names
from app.quickbooks.models import OtherName, TaskState
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.scenarios.test_daily_check import a_day_later  # noqa: F401

NAME = "Acme Supply"


@pytest.fixture
def vendor(quickbooks, owner):
    """There before the first customer of ours goes."""
    theirs = create(quickbooks, "Vendor", DisplayName=NAME)
    builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    return theirs


def is_taken(quickbooks, name: str = NAME) -> bool:
    db.session.rollback()
    return bool(other_names.taken(quickbooks.connection.id, [name]))


def test_they_are_read_once_with_the_customers(quickbooks, owner, vendor):
    assert is_taken(quickbooks, "ACME supply")
    assert not is_taken(quickbooks, "Acme Supply Co")
    before = metering.by_reason(quickbooks.realm, metering.month())
    assert before["matching"] == 3
    builders.customer(owner.company, "Elm Street Library")
    quickbooks.drain()
    assert metering.by_reason(quickbooks.realm, metering.month()) == before


def test_employees_count_too_and_nothing_else_of_them_is_kept(quickbooks):
    create(quickbooks, "Employee", GivenName="Sam", FamilyName="Summit")
    directory.read(quickbooks.connection.id, client_for(quickbooks.connection.id))
    assert is_taken(quickbooks, "Sam Summit")
    assert set(OtherName.__table__.c.keys()) == {"connection_id", "entity", "remote_id", "key"}


def test_the_daily_check_sees_what_changes(quickbooks, vendor, a_day_later):  # noqa: F811
    a_day_later()
    quickbooks.do("Vendor", vendor["Id"], "edit", DisplayName="Acme Wholesale")
    create(quickbooks, "Employee", GivenName="Sam", FamilyName="Summit")
    assert a_day_later() == ["cdc"]
    assert not is_taken(quickbooks)
    assert is_taken(quickbooks, "Acme Wholesale")
    assert is_taken(quickbooks, "Sam Summit")
    quickbooks.do("Vendor", vendor["Id"], "deactivate")
    a_day_later()
    assert not is_taken(quickbooks, "Acme Wholesale")


def test_another_companys_vendors_say_nothing(quickbooks, vendor, stranger):
    other = builders.connected(stranger.company, "2")
    assert is_taken(quickbooks)
    assert not other_names.taken(other.id, [NAME])


def test_who_may_not_read_them_sends_all_the_same(quickbooks, owner):
    create(quickbooks, "Vendor", DisplayName=NAME)
    quickbooks.script("fault", operation="query", code="5020", message="Permission Denied", times=2)
    person = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    quickbooks.in_order(person)
    assert not is_taken(quickbooks)


def test_a_name_that_is_free_again_only_quickbooks_knows(quickbooks, owner, vendor):
    """What is known here may be a day old, so it stops nothing: QuickBooks is asked."""
    quickbooks.do("Vendor", vendor["Id"], "edit", DisplayName="Acme Wholesale")
    person = builders.customer(owner.company, NAME)
    quickbooks.drain()
    quickbooks.in_order(person)


def test_a_name_that_is_taken_meanwhile_asks(quickbooks, owner, vendor):
    create(quickbooks, "Vendor", DisplayName="Elm Street Library")
    person = builders.customer(owner.company, "Elm Street Library")
    quickbooks.drain()
    row = quickbooks.row(person)
    assert (row.state, row.problem) == (TaskState.ERROR, "name_taken_by_other")
