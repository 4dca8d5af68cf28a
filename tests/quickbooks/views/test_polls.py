"""What a page asks for again: 304 while nothing has changed, and nothing is ever missed."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.accounts.models import Plan
from app.extensions import db, now
from app.quickbooks.models import TaskState
from tests.people import Actor
from tests.quickbooks import builders

QUEUE = "/settings/integrations/quickbooks/queue"
ROWS = "/invoices/quickbooks/rows"


@pytest.fixture
def connection(owner: Actor):
    return builders.connected(owner.company)


@pytest.fixture
def bill(connection, owner: Actor):
    return builders.invoice(builders.customer(owner.company))


def version(text: str, part: str) -> str:
    return re.search(rf'id="{part}".*?data-version="(\w+)"', text, re.DOTALL)[1]


def ask(actor: Actor, address: str, known: str):
    return actor.open("GET", address, headers={"HX-Request": "true", "If-None-Match": f'"{known}"'})


def test_an_unchanged_queue_is_not_sent_again(bill, owner: Actor):
    for page in (owner.get("/settings/integrations/quickbooks").text, owner.htmx("GET", QUEUE).text):
        answer = ask(owner, QUEUE, version(page, "quickbooks-queue"))
        assert (answer.status_code, answer.text) == (304, "")


def test_an_unchanged_queue_costs_two_small_queries(bill, owner: Actor, count_queries: Callable):
    known = version(owner.htmx("GET", QUEUE).text, "quickbooks-queue")
    with count_queries() as queries:
        assert ask(owner, QUEUE, known).status_code == 304
    assert queries.count == 2  # who asks, and the version


def saved(connection, bill, company) -> None:
    builders.edit_invoice(bill, notes="Ring twice")


def came_to_rest(connection, bill, company) -> None:
    builders.put_in(builders.task_of(connection, bill), TaskState.SYNCED)
    builders.link(connection, bill)


def told_something_else(connection, bill, company) -> None:
    builders.task_of(connection, bill).message = "Another sentence."
    db.session.commit()


def paused(connection, bill, company) -> None:
    connection.paused_until, connection.pause_code = now() + timedelta(minutes=5), "throttled"
    db.session.commit()


def lost_the_plan(connection, bill, company) -> None:
    company.plan = Plan.FREE
    db.session.commit()


@pytest.mark.parametrize("change", [saved, came_to_rest, told_something_else, paused, lost_the_plan])
def test_whatever_it_shows_is_sent_when_it_changes(bill, connection, owner: Actor, change: Callable):
    known = version(owner.htmx("GET", QUEUE).text, "quickbooks-queue")
    change(connection, bill, owner.company)
    answer = ask(owner, QUEUE, known)
    assert answer.status_code == 200
    assert version(answer.text, "quickbooks-queue") != known


def test_the_end_of_a_pause_is_told(bill, connection, owner: Actor, clock):
    paused(connection, bill, owner.company)
    known = version(owner.htmx("GET", QUEUE).text, "quickbooks-queue")
    clock.advance(seconds=299)
    assert ask(owner, QUEUE, known).status_code == 304
    clock.advance(seconds=2)
    assert ask(owner, QUEUE, known).status_code == 200


def test_what_others_do_is_no_change(bill, owner: Actor, stranger: Actor):
    builders.connected(stranger.company, realm="9130350000000002")
    known = version(owner.htmx("GET", QUEUE).text, "quickbooks-queue")
    builders.invoice(builders.customer(stranger.company))
    assert ask(owner, QUEUE, known).status_code == 304


def test_a_version_is_good_for_one_person(bill, owner: Actor, bookkeeper: Actor):
    known = version(owner.htmx("GET", QUEUE).text, "quickbooks-queue")
    assert ask(bookkeeper, QUEUE, known).status_code == 200


def test_an_idle_queue_asks_once_a_minute(connection, owner: Actor):
    assert 'hx-trigger="every 60s, poll"' in owner.htmx("GET", QUEUE).text


def test_an_invoices_panel_is_not_sent_again(bill, connection, owner: Actor):
    panel = f"/invoices/{bill.id}/quickbooks"
    known = version(owner.get(f"/invoices/{bill.id}").text, f"invoice-{bill.id}-quickbooks-panel")
    assert ask(owner, panel, known).status_code == 304
    came_to_rest(connection, bill, owner.company)
    assert "This invoice is in QuickBooks." in ask(owner, panel, known).text


def test_a_page_of_rows_is_one_question(bill, connection, owner: Actor):
    for _ in range(2):
        builders.invoice(bill.customer)
    page = owner.get("/invoices").text
    assert page.count('name="pending"') == 3
    assert page.count("hx-trigger") - page.count("hx-sync") == 1  # the search has a trigger too


def test_rows_are_sent_once_they_have_come_to_rest(bill, connection, owner: Actor):
    other = builders.invoice(bill.customer)
    asked = f"{ROWS}?pending={bill.id}&pending={other.id}"
    assert owner.htmx("GET", asked).status_code == 204
    came_to_rest(connection, bill, owner.company)
    answer = owner.htmx("GET", asked).text
    assert re.findall(r"<tr id=\"(\S+)\" hx-swap-oob=\"true\">", answer) == [f"invoice-{bill.id}-row"]
    assert "In QuickBooks" in answer


def test_rows_of_others_do_not_exist(bill, stranger: Actor):
    builders.connected(stranger.company, realm="9130350000000002")
    answer = stranger.htmx("GET", f"{ROWS}?pending={bill.id}&pending=x&pending=99999999999")
    assert (answer.status_code, answer.text) == (200, "")


def test_a_page_of_rows_costs_two_queries(bill, owner: Actor, count_queries: Callable):
    asked = f"{ROWS}?pending={bill.id}"
    with count_queries() as queries:
        assert owner.htmx("GET", asked).status_code == 204
    assert queries.count == 2


def test_the_navigations_count_comes_along_for_who_has_it(connection, bill, owner: Actor, dispatcher: Actor):
    builders.put_in(builders.task_of(connection, bill), TaskState.ERROR, problem="too_long")
    for address in (f"{ROWS}?pending={bill.id}", f"/invoices/{bill.id}/quickbooks"):
        brought = owner.htmx("GET", address).text
        assert re.search(r'id="navigation-quickbooks" data-most="99" hx-swap-oob="true" *>', brought)
        assert "navigation-quickbooks" not in dispatcher.htmx("GET", address).text
