"""QuickBooks in the main navigation: for whom, and how much needs somebody."""

import re
from collections.abc import Callable

import pytest

from app.accounts.models import Plan
from app.extensions import db
from app.quickbooks.models import ConnectionState, TaskState
from app.quickbooks.pages.needs import needs_somebody
from tests.people import Actor
from tests.quickbooks import builders


@pytest.fixture
def connection(owner: Actor):
    return builders.connected(owner.company)


def stop(connection, company, problem: str = "too_long", number: int = 1) -> None:
    for _ in range(number):
        task = builders.task_of(connection, builders.customer(company))
        builders.put_in(task, TaskState.ERROR, problem=problem)


def entry(actor: Actor) -> str:
    """Its words; empty where it is not there."""
    found = re.search(r'<a class="nav-link[^>]*>QuickBooks(.*?)</a>', actor.get("/customers").text, re.DOTALL)
    return "" if found is None else " ".join(["QuickBooks", *re.sub(r"<[^>]*>", "", found[1]).split()])


def is_counted(actor: Actor) -> bool:
    return 'id="navigation-quickbooks" data-most="99" >' in actor.get("/customers").text


def test_who_may_open_the_page_sees_the_count(connection, owner: Actor, bookkeeper: Actor):
    stop(connection, owner.company, number=2)
    assert entry(owner) == entry(bookkeeper) == "QuickBooks 2 to fix"
    assert is_counted(owner)


@pytest.mark.parametrize("who", ["dispatcher", "technician"])
def test_others_have_no_such_entry(connection, who: str, request: pytest.FixtureRequest):
    actor: Actor = request.getfixturevalue(who)
    stop(connection, actor.company)
    assert entry(actor) == ""


def test_nothing_to_fix_shows_no_number(connection, owner: Actor):
    assert not is_counted(owner)


def test_what_only_follows_another_record_is_not_counted(connection, owner: Actor):
    stop(connection, owner.company, "needed_record_failed", 3)
    stop(connection, owner.company, "name_taken_by_other")
    assert entry(owner) == "QuickBooks 1 to fix"


def test_a_reconnect_is_something_to_do(connection, owner: Actor):
    connection.state = ConnectionState.RECONNECT_NEEDED
    db.session.commit()
    assert entry(owner) == "QuickBooks 1 to fix"


def test_many_are_not_counted_to_the_end(connection, owner: Actor):
    stop(connection, owner.company, number=101)
    assert needs_somebody(owner.company_id) == 100
    assert entry(owner) == "QuickBooks 99+ to fix"


def test_others_and_what_is_disconnected_do_not_count(connection, owner: Actor, stranger: Actor):
    stop(builders.connected(stranger.company, realm="9130350000000002"), stranger.company)
    assert not is_counted(owner)
    stop(connection, owner.company)
    connection.state = ConnectionState.DISCONNECTED
    db.session.commit()
    assert not is_counted(owner)


def test_without_the_plan_nothing_is_counted(connection, owner: Actor):
    stop(connection, owner.company)
    owner.company.plan = Plan.FREE
    db.session.commit()
    assert not is_counted(owner)


def test_it_costs_one_query(connection, owner: Actor, count_queries: Callable):
    stop(connection, owner.company, number=3)
    with count_queries() as queries:
        needs_somebody(owner.company_id)
    assert queries.count == 1


def test_the_fragment_brings_the_number_along(connection, owner: Actor):
    stop(connection, owner.company, number=2)
    assert 'data-needs="2"' in owner.htmx("GET", "/settings/integrations/quickbooks/queue").text


def test_one_entry_says_where_one_is(connection, owner: Actor):
    for address, current in (
        ("/settings/integrations/quickbooks", "QuickBooks"),
        ("/settings/integrations", "Integrations"),
    ):
        page = owner.get(address).text
        marked = re.findall(
            r'<a class="(?:nav-link|dropdown-item) active"[^>]*aria-current="page">(\w+)', page
        )
        assert current in marked, (address, marked)
