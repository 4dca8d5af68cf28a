"""A customer is called otherwise in QuickBooks, because the name was taken there."""

import pytest

from app.extensions import db
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create

QUEUE = "/settings/integrations/quickbooks/queue"


@pytest.fixture
def renamed(quickbooks, owner):
    create(quickbooks, "Vendor", DisplayName="Sam Summit")
    person = builders.customer(owner.company, "Sam Summit")
    quickbooks.drain()
    owner.post(f"{QUEUE}/{quickbooks.row(person).id}/name", {"name": "Sam Summit (Customer)"})
    quickbooks.drain()
    quickbooks.in_order(person)
    return person


def names(quickbooks) -> list[str]:
    return [one["DisplayName"] for one in quickbooks.books("Customer")]


def test_the_other_name_stays_as_long_as_the_name_here(quickbooks, renamed):
    builders.edit_customer(renamed, phone="(207) 555-0100")
    quickbooks.drain()
    assert names(quickbooks) == ["Sam Summit (Customer)"]
    assert renamed.name == "Sam Summit"


def test_a_later_name_arrives(quickbooks, renamed):
    builders.edit_customer(renamed, name="Summit Roofing")
    quickbooks.drain()
    quickbooks.in_order(renamed)
    assert names(quickbooks) == ["Summit Roofing"]


def test_back_under_the_first_name_the_other_one_is_used_again(quickbooks, renamed):
    builders.edit_customer(renamed, name="Summit Roofing")
    quickbooks.drain()
    builders.edit_customer(renamed, name="Sam Summit")
    quickbooks.drain()
    quickbooks.in_order(renamed)
    assert names(quickbooks) == ["Sam Summit (Customer)"]


def test_an_answer_from_before_names_were_kept_with_it_lasts_until_the_next_name(quickbooks, renamed):
    """As the migration leaves it."""
    row = quickbooks.row(renamed)
    row.answer = {"name": "Sam Summit (Customer)", "name_for": "Sam Summit"}
    db.session.commit()
    builders.edit_customer(renamed, name="Summit Roofing")
    quickbooks.drain()
    assert names(quickbooks) == ["Summit Roofing"]
