"""QuickBooks says no to one record: it says why, in words; the others go on."""

import pytest

from app.quickbooks.models import TaskState
from tests.quickbooks import builders

PARKED = ["2020", "2040", "2050", "2210", "5020", "6080", "6200", "6420", "6430", "6540", "9999"]


@pytest.mark.parametrize("code", PARKED)
def test_a_refusal_that_needs_a_person_is_parked_with_words(quickbooks, owner, code):
    person = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.script(
        "fault", operation="customer.create", code=code, message="No", detail="Because.", times=None
    )
    quickbooks.drain()
    task = builders.task_of(quickbooks.connection, person)
    assert task.state is TaskState.ERROR
    assert task.message
    assert task.remedy
    assert task.attempts_made[0].code == code


def test_a_passing_trouble_backs_off_and_heals(quickbooks, owner, clock):
    person = builders.customer(owner.company)
    sorry = "Please wait a few minutes and try again."
    quickbooks.script("fault", operation="customer.create", code="6000", detail=sorry, times=1)
    quickbooks.drain()
    task = builders.task_of(quickbooks.connection, person)
    assert (task.state, task.attempts) == (TaskState.BACKOFF, 1)
    quickbooks.drain()
    assert quickbooks.books("Customer") == []
    clock.advance(minutes=2)
    quickbooks.drain()
    assert builders.task_of(quickbooks.connection, person).state is TaskState.SYNCED


def test_ten_tries_then_a_person(quickbooks, owner, clock):
    person = builders.customer(owner.company)
    sorry = "Please wait a few minutes and try again."
    quickbooks.script("fault", operation="customer.create", code="6000", detail=sorry, times=None)
    for _ in range(12):
        quickbooks.drain()
        clock.advance(hours=7)
    task = builders.task_of(quickbooks.connection, person)
    assert (task.state, task.problem) == (TaskState.ERROR, "tries_used_up")
    assert len(task.attempts_made) == 10


def test_one_bad_row_does_not_stop_the_rows_beside_it(quickbooks, owner):
    people = [builders.customer(owner.company) for _ in range(6)]
    quickbooks.script("fault", operation="item:customer.create", code="2050", message="Too long", times=1)
    quickbooks.drain()
    states = sorted(builders.task_of(quickbooks.connection, person).state for person in people)
    assert states.count(TaskState.SYNCED) == 5
    assert states.count(TaskState.ERROR) == 1


def test_a_batch_refused_as_a_whole_is_sent_row_by_row(quickbooks, owner):
    people = [builders.customer(owner.company) for _ in range(6)]
    quickbooks.script("fault", operation="batch", code="2000", message="Something in it is wrong")
    quickbooks.drain()
    sent = [call["operation"] for call in quickbooks.simulator.calls() if call["operation"] != "query"]
    assert sent.count("batch") == 1
    assert sent.count("customer.create") == 6
    assert {builders.task_of(quickbooks.connection, person).state for person in people} == {TaskState.SYNCED}
    assert len(quickbooks.books("Customer")) == 6


def test_an_invoice_behind_a_failed_customer_says_what_it_waits_for_and_follows_it(quickbooks, owner):
    person = builders.customer(owner.company)
    bill = builders.invoice(person)
    quickbooks.script("fault", operation="customer.create", code="2210", message="Bad e-mail", times=1)
    quickbooks.drain()
    task = builders.task_of(quickbooks.connection, bill)
    assert (task.state, task.problem) == (TaskState.ERROR, "needed_record_failed")
    builders.edit_customer(person, email="right@example.com")
    quickbooks.drain()
    assert builders.task_of(quickbooks.connection, bill).state is TaskState.SYNCED


def test_characters_that_quickbooks_refuses_are_sent_as_plain_letters(quickbooks, owner):
    person = builders.customer(owner.company, "Café ☂ Dubé")
    quickbooks.script("fault", operation="customer.create", code="2040", message="Invalid String", times=1)
    quickbooks.drain()
    assert quickbooks.books("Customer")[0]["DisplayName"] == "Cafe  Dube"
    assert builders.task_of(quickbooks.connection, person).state is TaskState.SYNCED


def test_an_edit_gives_a_parked_row_another_try(quickbooks, owner):
    person = builders.customer(owner.company)
    quickbooks.script("fault", operation="customer.create", code="2050", message="Too long", times=1)
    quickbooks.drain()
    builders.edit_customer(person, name="A plain name")
    quickbooks.drain()
    task = builders.task_of(quickbooks.connection, person)
    assert (task.state, task.message) == (TaskState.SYNCED, "")


def test_another_total_is_shown_not_swallowed(quickbooks, owner):
    person = builders.customer(owner.company)
    quickbooks.drain()
    quickbooks.simulator.company(quickbooks.realm, preferences={"TaxPrefs": {"UsingSalesTax": True}})
    bill = builders.invoice(person)
    bill.total += 1  # the books here are wrong on purpose
    builders.edit_invoice(bill)
    quickbooks.drain()
    task = builders.task_of(quickbooks.connection, bill)
    assert (task.state, task.problem) == (TaskState.ERROR, "total_differs")
    assert "100.00" in task.message
    assert "101.00" in task.message
