"""QuickBooks says that it had an error of its own (10000): the write may have been done all the same."""

from decimal import Decimal

import pytest

from app.invoices.totals import recalculate
from app.quickbooks.models import TaskState
from tests.quickbooks import builders
from tests.quickbooks.conftest import SERVER_LIMIT

LAG = 2  # seconds


def wait_and_drain(quickbooks, clock, *pauses: int) -> None:
    """Both clocks go on: QuickBooks' queries lag behind its books by its own."""
    for seconds in pauses:
        clock.advance(seconds=seconds)
        quickbooks.simulator.control("POST", "clock", {"advance_seconds": seconds})
        quickbooks.drain()


@pytest.mark.parametrize("remembers", [True, False])
@pytest.mark.parametrize("code", ["10000", "500", "1010"])
def test_payments_of_a_refused_batch_that_was_done_are_there_once(quickbooks, bill, clock, code, remembers):
    if not remembers:
        quickbooks.simulator.settings(requestid_memory_seconds=0)
    payments = [builders.payment(bill, "10") for _ in range(4)]
    quickbooks.script("lag", seconds=LAG, operation="query", times=None)
    quickbooks.script("fault_after", operation="batch", code=code, status=400)
    quickbooks.drain()
    assert {quickbooks.row(payment).state for payment in payments} == {TaskState.CHECKING}
    wait_and_drain(quickbooks, clock, 1, 5, SERVER_LIMIT, SERVER_LIMIT)
    quickbooks.in_order(*payments)
    assert len(quickbooks.books("Payment")) == 4
    assert quickbooks.invoice("INV-7")["Balance"] == 60


@pytest.mark.parametrize("done", [True, False])
def test_items_that_had_an_error_are_there_once(quickbooks, bill, clock, done):
    payments = [builders.payment(bill, "10") for _ in range(4)]
    quickbooks.script("lag", seconds=LAG, operation="query", times=None)
    effect = "fault_after" if done else "fault"
    quickbooks.script(effect, operation="item:payment.create", code="10000", times=2)
    quickbooks.drain()
    states = sorted(quickbooks.row(payment).state for payment in payments)
    assert states == [TaskState.CHECKING] * 2 + [TaskState.SYNCED] * 2
    wait_and_drain(quickbooks, clock, 1, 5, SERVER_LIMIT, SERVER_LIMIT)
    quickbooks.in_order(*payments)
    assert len(quickbooks.books("Payment")) == 4


@pytest.mark.parametrize("remembers", [True, False])
def test_customers_that_were_settled_are_not_made_again_with_one_that_was_not(
    quickbooks, owner, clock, remembers
):
    """One of them got another name since, here, and its first one is free there."""
    if not remembers:
        quickbooks.simulator.settings(requestid_memory_seconds=0)
    people = [builders.customer(owner.company, f"Customer {number}") for number in range(5)]
    quickbooks.script("fault", operation="item:customer.create", code="10000")
    quickbooks.drain()
    states = [quickbooks.row(person).state for person in people]
    assert sorted(states) == [TaskState.CHECKING] + [TaskState.SYNCED] * 4
    renamed = people[states.index(TaskState.SYNCED)]
    builders.edit_customer(renamed, name="Renamed")
    quickbooks.drain()
    quickbooks.in_order(renamed)
    wait_and_drain(quickbooks, clock, 5, SERVER_LIMIT, SERVER_LIMIT)
    quickbooks.in_order(*people)
    names = sorted(one["DisplayName"] for one in quickbooks.books("Customer"))
    assert names == sorted(person.name for person in people)


def test_a_name_that_is_refused_before_queries_show_it_is_our_own(quickbooks, owner, clock):
    """Its create was done, its answer lost, and its repetition refused: nobody is asked for another name."""
    quickbooks.simulator.settings(requestid_memory_seconds=0)
    person = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.script("lag", seconds=40, operation="query", times=None)
    quickbooks.script("cut_after", operation="customer.create")
    quickbooks.drain()
    assert quickbooks.row(person).state is TaskState.CHECKING
    wait_and_drain(quickbooks, clock, 5)
    assert quickbooks.row(person).problem == "duplicate_name"
    assert quickbooks.row(person).state is TaskState.QUEUED
    wait_and_drain(quickbooks, clock, 16, 16, 16)
    quickbooks.in_order(person)
    assert len(quickbooks.books("Customer")) == 1


def test_a_customer_renamed_meanwhile_is_there_once(quickbooks, owner, clock):
    person = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.script("fault_after", operation="customer.create", code="10000")
    quickbooks.drain()
    assert quickbooks.row(person).state is TaskState.CHECKING
    builders.edit_customer(person, name="Rivera Heating")
    wait_and_drain(quickbooks, clock, 5, SERVER_LIMIT)
    quickbooks.in_order(person)
    assert [one["DisplayName"] for one in quickbooks.books("Customer")] == ["Rivera Heating"]


def test_customers_of_a_lagging_quickbooks_are_not_told_to_be_vendors(quickbooks, owner, clock):
    people = [builders.customer(owner.company) for _ in range(4)]
    quickbooks.script("lag", seconds=8, operation="query", times=None)
    quickbooks.script("fault_after", operation="batch", code="10000")
    quickbooks.drain()
    wait_and_drain(quickbooks, clock, 3, 3, 60, SERVER_LIMIT)
    quickbooks.in_order(*people)
    assert len(quickbooks.books("Customer")) == 4


def charge(bill, price: str) -> None:
    bill.lines[0].unit_price = Decimal(price)
    recalculate(bill)
    builders.edit_invoice(bill)


def test_our_own_edit_is_never_told_to_be_somebody_elses(quickbooks, bill, clock):
    quickbooks.script("lag", seconds=8, operation="query", times=None)
    charge(bill, "120")
    quickbooks.script("fault_after", operation="invoice.update", code="10000")
    quickbooks.drain()
    charge(bill, "130")
    wait_and_drain(quickbooks, clock, 3, 10, SERVER_LIMIT, 120)
    quickbooks.in_order(bill)
    assert quickbooks.invoice("INV-7")["TotalAmt"] == 130


def test_one_that_never_goes_through_asks_for_a_person(quickbooks, owner, clock):
    person = builders.customer(owner.company)
    quickbooks.script("fault", operation="customer.create", code="10000", times=None)
    for _ in range(40):
        quickbooks.drain()
        clock.advance(hours=7)
    row = quickbooks.row(person)
    assert (row.state, row.problem) == (TaskState.ERROR, "tries_used_up")


def test_an_edit_and_a_new_customer_of_one_batch_do_not_repeat_each_other_for_ever(quickbooks, owner, clock):
    """QuickBooks repeats its answer under the same request id, so one repetition has to be enough."""
    old = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    builders.edit_customer(old, phone="(207) 555-0199")
    new, third = builders.customer(owner.company), builders.customer(owner.company)
    for operation in ("create", "update"):
        quickbooks.script("fault", operation=f"item:customer.{operation}", code="10000")
    quickbooks.drain()
    assert quickbooks.row(old).state is TaskState.CHECKING
    wait_and_drain(quickbooks, clock, *[SERVER_LIMIT / 4] * 9)
    quickbooks.in_order(old, new, third)
    assert quickbooks.books("Customer")[0]["PrimaryPhone"]["FreeFormNumber"] == "(207) 555-0199"
    assert len(quickbooks.books("Customer")) == 3
