"""Leaving a record out: a reason is required, the Owner alone decides, and everybody can read it."""

import re

import pytest

from app.extensions import db
from app.quickbooks.models import TaskState
from tests.people import Actor
from tests.quickbooks import builders

PAGE = "/settings/integrations/quickbooks"
REASON = {"reason": "paid in cash before we connected"}


@pytest.fixture
def connection(owner: Actor):
    return builders.connected(owner.company)


@pytest.fixture
def bill(connection, owner: Actor):
    return builders.invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-7")


def address(bill, kind: str = "invoice", part: str = "queue") -> str:
    return f"{PAGE}/records/{kind}/{bill.id}/leave-out?part={part}"


def state(connection, record) -> TaskState:
    db.session.expire_all()
    return builders.task_of(connection, record).state


def test_the_owner_says_why(connection, bill, owner: Actor):
    assert "Leave out Invoice INV-7?" in owner.get(address(bill)).text
    answer = owner.post(address(bill), REASON)
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    assert state(connection, bill) is TaskState.SKIPPED


@pytest.mark.parametrize(
    ("part", "place"), [("panel", "/invoices/{}"), ("row", "/invoices"), ("queue", PAGE)]
)
def test_it_returns_to_where_it_was_asked(connection, bill, owner: Actor, part: str, place: str):
    answer = owner.htmx("POST", address(bill, part=part), data=REASON)
    assert answer.headers["HX-Redirect"] == place.format(bill.id)


@pytest.mark.parametrize(
    ("reason", "told"), [("  ", "Write why it is left out."), ("x" * 201, "Use at most 200 characters.")]
)
def test_a_reason_is_required_and_short(connection, bill, owner: Actor, reason: str, told: str):
    answer = owner.post(address(bill), {"reason": reason})
    assert answer.status_code == 422
    assert told in answer.text
    assert reason.strip() in answer.text
    assert state(connection, bill) is TaskState.QUEUED


def test_what_is_on_its_way_is_refused_in_words(connection, bill, owner: Actor):
    builders.put_in(builders.task_of(connection, bill), TaskState.SENDING)
    answer = owner.htmx("POST", address(bill), data=REASON)
    assert answer.status_code == 422
    assert "on its way to QuickBooks at this moment" in answer.text
    assert state(connection, bill) is TaskState.SENDING


def test_the_queue_lists_it_with_who_why_and_when_and_takes_it_back(connection, bill, owner: Actor):
    owner.post(address(bill), REASON)
    page = owner.get(PAGE).text
    for words in ("Left out by Olivia: paid in cash before we connected.", "Mar 2, 2026, 7:00 AM", "$100.00"):
        assert words in page
    owner.post(f"{PAGE}/queue/{builders.task_of(connection, bill).id}/retry")
    assert state(connection, bill) is TaskState.QUEUED
    assert "Left out by" not in owner.get(PAGE).text


def test_a_customer_can_be_left_out_too(connection, bill, owner: Actor):
    owner.post(address(bill.customer, kind="customer"), REASON)
    assert state(connection, bill.customer) is TaskState.SKIPPED
    assert "Customer Rivera HVAC" in owner.get(PAGE).text


def test_the_history_tells_both_decisions(connection, bill, owner: Actor):
    owner.post(address(bill), REASON)
    owner.post(f"/invoices/{bill.id}/quickbooks")
    history = owner.get(f"{PAGE}/queue/{builders.task_of(connection, bill).id}").text
    for words in ("Leave out", "Left out by Olivia: paid in cash", "Take back", "By Olivia."):
        assert words in history


def test_the_row_and_the_panel_say_so_and_a_dispatcher_may_not_end_it(
    connection, bill, owner: Actor, dispatcher: Actor
):
    owner.post(address(bill), REASON)
    for person in (owner, dispatcher):
        for page in ("/invoices", f"/invoices/{bill.id}"):
            assert "Left out by Olivia: paid in cash before we connected." in person.get(page).text
    assert "An Owner or a Bookkeeper can take it back." in dispatcher.get("/invoices").text
    assert dispatcher.post(f"/invoices/{bill.id}/quickbooks").status_code == 303
    assert state(connection, bill) is TaskState.SKIPPED
    assert owner.post(f"/invoices/{bill.id}/quickbooks").status_code == 303
    assert state(connection, bill) is TaskState.QUEUED


def test_a_dispatcher_is_not_offered_it(connection, bill, owner: Actor, dispatcher: Actor):
    assert "Leave out</a>" in owner.get(f"/invoices/{bill.id}").text
    assert "Leave out</a>" not in dispatcher.get(f"/invoices/{bill.id}").text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_else(connection, bill, dispatcher, technician, stranger, method: str):
    builders.connected(stranger.company, realm="9130350000000002")
    for person, status in ((dispatcher, 403), (technician, 403), (stranger, 404)):
        assert person.open(method, address(bill)).status_code == status
        assert person.open(method, address(bill.customer, kind="customer")).status_code == status


def test_what_does_not_exist_cannot_be_left_out(connection, bill, owner: Actor):
    draft = builders.invoice(bill.customer, status="draft", announce=False)
    unsent = builders.invoice(bill.customer, announce=False)
    assert owner.get(address(draft)).status_code == 404
    assert owner.get(address(bill, kind="vendor")).status_code == 404
    assert owner.get(address(unsent, kind="customer")).status_code == 404
    assert owner.get(address(unsent)).status_code == 200


def test_an_older_one_is_found_and_taken_back_behind_many_later_ones(connection, bill, owner, bookkeeper):
    owner.post(address(bill), {"reason": "a mistake"})
    later = [builders.invoice(bill.customer) for _ in range(30)]
    for one in later:
        owner.post(address(one), {"reason": f"no. {one.id}"})
    assert f"{PAGE}/left-out" in bookkeeper.get(PAGE).text
    first = bookkeeper.get(f"{PAGE}/left-out").text
    task = builders.task_of(connection, bill)
    assert "a mistake" not in first
    second = re.search(r"left-out\?after=\d+", first)
    assert second
    assert "a mistake" in bookkeeper.get(f"/settings/integrations/quickbooks/{second[0]}").text
    assert bookkeeper.post(f"{PAGE}/queue/{task.id}/retry").status_code == 303
    assert state(connection, bill) is TaskState.QUEUED


def test_what_was_left_out_alike_is_offered_behind_many_later_ones(connection, bill, owner: Actor):
    same = [bill, builders.invoice(bill.customer)]
    for one in same:
        owner.post(address(one), REASON)
    for one in [builders.invoice(bill.customer) for _ in range(6)]:
        owner.post(address(one), {"reason": f"no. {one.id}"})
    for page in (PAGE, f"{PAGE}/left-out"):
        assert (
            "<strong>2, $200.00 of invoices.</strong> Left out by Olivia: paid in cash"
            in owner.get(page).text
        )


def test_all_that_is_left_out_is_for_who_keeps_the_books(connection, bill, owner, dispatcher, stranger):
    builders.connected(stranger.company, realm="9130350000000002")
    owner.post(address(bill), REASON)
    assert dispatcher.get(f"{PAGE}/left-out").status_code == 403
    assert "INV-7" not in stranger.get(f"{PAGE}/left-out").text
