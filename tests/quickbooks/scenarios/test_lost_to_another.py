"""A create was lost and never done, and meanwhile somebody entered the same name or number in QuickBooks: it is
asked about by the same rules as if nothing had been sent.
"""

import pytest

from app.quickbooks.models import TaskState
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.conftest import SERVER_LIMIT

QUEUE = "/settings/integrations/quickbooks/queue"
PAUSES = (5, SERVER_LIMIT, SERVER_LIMIT)


def drain_on(quickbooks, clock) -> None:
    for seconds in PAUSES:
        clock.advance(seconds=seconds)
        quickbooks.drain()


@pytest.fixture
def lost_customer(quickbooks, owner):
    """Sent and never done."""
    person = builders.customer(
        owner.company, "Rivera HVAC", email="ana@rivera.example", phone="(207) 555-0199"
    )
    quickbooks.script("cut_before", operation="customer.create")
    quickbooks.drain()
    assert quickbooks.row(person).state is TaskState.CHECKING
    return person


def test_a_customer_with_another_e_mail_and_phone_is_asked_about(quickbooks, owner, lost_customer, clock):
    theirs = create(
        quickbooks,
        "Customer",
        DisplayName="Rivera HVAC",
        PrimaryEmailAddr={"Address": "luis@other.example"},
        PrimaryPhone={"FreeFormNumber": "(415) 555-0100"},
    )
    drain_on(quickbooks, clock)
    row = quickbooks.row(lost_customer)
    assert (row.state, row.problem) == (TaskState.ERROR, "name_taken_contradicts")
    owner.post(f"{QUEUE}/{row.id}/name", {"name": "Rivera HVAC (Customer)"})
    quickbooks.drain()
    quickbooks.in_order(lost_customer)
    there = {one["DisplayName"]: one["PrimaryEmailAddr"]["Address"] for one in quickbooks.books("Customer")}
    assert there == {"Rivera HVAC": "luis@other.example", "Rivera HVAC (Customer)": "ana@rivera.example"}
    assert quickbooks.books("Customer")[0]["SyncToken"] == theirs["SyncToken"]


def test_a_customer_that_nothing_contradicts_is_adopted_and_filled_in(quickbooks, lost_customer, clock):
    create(quickbooks, "Customer", DisplayName="Rivera HVAC", Notes="Pays late.")
    drain_on(quickbooks, clock)
    quickbooks.in_order(lost_customer)
    (only,) = quickbooks.books("Customer")
    assert only["PrimaryEmailAddr"]["Address"] == "ana@rivera.example"
    assert only["Notes"] == "Pays late."


@pytest.fixture
def lost_bill(quickbooks, owner):
    """Sent for $100.00 and never done; the customer and the item are there, with another invoice."""
    person = builders.customer(owner.company, "Rivera HVAC")
    builders.invoice(person, number="FIRST")
    quickbooks.drain()
    record = builders.invoice(person, number="N-1")
    quickbooks.script("cut_before", operation="invoice.create")
    quickbooks.drain()
    assert quickbooks.row(record).state is TaskState.CHECKING
    return record


def enter(quickbooks, amount: int, day: str) -> dict:
    made = quickbooks.invoice("FIRST")
    ref = made["Line"][0]["SalesItemLineDetail"]["ItemRef"]
    line = {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": ref}}
    return create(
        quickbooks, "Invoice", CustomerRef=made["CustomerRef"], DocNumber="N-1", Line=[line], TxnDate=day
    )


@pytest.mark.parametrize(("amount", "day"), [(555, "2026-03-02"), (100, "2026-02-20")])
def test_an_invoice_of_another_total_or_day_is_asked_about(quickbooks, owner, lost_bill, clock, amount, day):
    theirs = enter(quickbooks, amount, day)
    drain_on(quickbooks, clock)
    row = quickbooks.row(lost_bill)
    assert (row.state, row.problem) == (TaskState.ERROR, "doc_number_taken")
    assert quickbooks.invoice("N-1") == theirs
    builders.edit_invoice(lost_bill, notes="still ours alone")
    quickbooks.drain()
    assert quickbooks.invoice("N-1") == theirs
    owner.post(f"{QUEUE}/{quickbooks.row(lost_bill).id}/number")
    quickbooks.drain()
    quickbooks.in_order(lost_bill)
    both = [one for one in quickbooks.books("Invoice") if one["DocNumber"] == "N-1"]
    assert theirs in both
    assert len(both) == 2


@pytest.mark.parametrize(("amount", "day"), [(555, "2026-03-02"), (100, "2026-02-20")])
def test_and_so_it_is_before_anything_is_sent(quickbooks, lost_bill, clock, amount, day):
    drain_on(quickbooks, clock)
    theirs = quickbooks.invoice("N-1")
    quickbooks.do("invoice", theirs["Id"], "delete")
    theirs = enter(quickbooks, amount, day)
    second = builders.invoice(lost_bill.customer, number="n-1")
    quickbooks.drain()
    assert quickbooks.row(second).problem == "doc_number_taken"
    assert quickbooks.invoice("N-1") == theirs


def test_the_same_invoice_is_taken_for_ours(quickbooks, lost_bill, clock):
    enter(quickbooks, 100, "2026-03-02")
    drain_on(quickbooks, clock)
    quickbooks.in_order(lost_bill)
    assert len([one for one in quickbooks.books("Invoice") if one["DocNumber"] == "N-1"]) == 1


def test_names_that_differ_in_the_kind_of_quote_are_two(quickbooks, owner, clock):
    names = ['Bob "Ace" Diaz', "Bob 'Ace' Diaz", "Bob \u2018Ace\u2019 Diaz"]
    people = [builders.customer(owner.company, name) for name in names]
    quickbooks.script("cut_after", operation="batch")
    quickbooks.drain()
    drain_on(quickbooks, clock)
    quickbooks.in_order(*people)
    assert sorted(one["DisplayName"] for one in quickbooks.books("Customer")) == sorted(names)


def test_two_invoices_whose_numbers_differ_in_case_lost_in_one_batch(quickbooks, lost_bill, clock):
    """QuickBooks takes the numbers for one; nobody is told of customers."""
    quickbooks.simulator.company(quickbooks.realm, warn_duplicate_numbers=False)
    drain_on(quickbooks, clock)
    twins = [builders.invoice(lost_bill.customer, number=number) for number in ("100a", "100A", "7", "8")]
    quickbooks.script("cut_after", operation="batch")
    quickbooks.drain()
    drain_on(quickbooks, clock)
    quickbooks.in_order(*twins)
    assert len(quickbooks.books("Invoice")) == 6
