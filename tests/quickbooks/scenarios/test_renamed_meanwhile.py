"""Its answer was lost, and a bookkeeper changed its name or number before anybody here looked: it is there once."""

from decimal import Decimal

import pytest

from app.extensions import db
from app.quickbooks.models import TaskState
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.conftest import SERVER_LIMIT


def wait_and_drain(quickbooks, clock) -> None:
    for seconds in (5, SERVER_LIMIT, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()


@pytest.fixture
def forgetful(quickbooks):
    """QuickBooks does not know request ids again."""
    quickbooks.simulator.settings(requestid_memory_seconds=0)


def test_a_customer_renamed_there(quickbooks, owner, clock, forgetful):
    rivera = builders.customer(owner.company, "Rivera HVAC", phone="207 555 0100", email="ana@rivera.example")
    quickbooks.script("cut_after", operation="customer.create")
    quickbooks.drain()
    (there,) = quickbooks.books("Customer")
    quickbooks.do("customer", there["Id"], "edit", DisplayName="Rivera HVAC (acct)")
    wait_and_drain(quickbooks, clock)
    quickbooks.in_order(rivera)
    assert [one["DisplayName"] for one in quickbooks.books("Customer")] == ["Rivera HVAC (acct)"]
    builders.edit_customer(rivera, name="Rivera Heating")
    quickbooks.drain()
    assert "the name from Rivera HVAC to Rivera HVAC (acct)" in quickbooks.row(rivera).message


@pytest.mark.parametrize("others", [0, 4])
def test_an_invoice_renumbered_there(quickbooks, owner, clock, forgetful, others):
    """Alone, or in a batch of which the rest is found by its numbers."""
    person = builders.customer(owner.company)
    builders.invoice(person, number="OLD-1")
    quickbooks.drain()
    bills = [
        builders.invoice(person, number=f"INV-{place}", lines=(("Service call", "1", f"{place}00.00"),))
        for place in range(1, others + 2)
    ]
    quickbooks.script("cut_after", operation="batch" if others else "invoice.create")
    quickbooks.drain()
    db.session.expire_all()
    quickbooks.do("invoice", quickbooks.invoice("INV-1")["Id"], "edit", DocNumber="BK-1")
    wait_and_drain(quickbooks, clock)
    quickbooks.in_order(*bills)
    numbers = sorted(one["DocNumber"] for one in quickbooks.books("Invoice"))
    assert numbers == sorted(["BK-1", "OLD-1", *(bill.number for bill in bills[1:])])


@pytest.mark.parametrize(("amount", "day"), [("555.00", "2026-03-02"), ("100.00", "2026-02-20")])
def test_renumbered_there_and_its_number_given_to_another(quickbooks, owner, clock, forgetful, amount, day):
    """Whatever has the old number now, ours is found: nothing is asked, and nothing is made again."""
    person = builders.customer(owner.company)
    builders.invoice(person, number="OLD-1")
    quickbooks.drain()
    bill = builders.invoice(person, number="INV-1", lines=(("Service call", "1", "100.00"),))
    quickbooks.script("cut_after", operation="invoice.create")
    quickbooks.drain()
    there = quickbooks.invoice("INV-1")
    quickbooks.do("invoice", there["Id"], "edit", DocNumber="BK-1")
    line = there["Line"][0] | {"Amount": Decimal(amount)}
    line["SalesItemLineDetail"] = {"ItemRef": line["SalesItemLineDetail"]["ItemRef"]}
    theirs = {"CustomerRef": there["CustomerRef"], "TxnDate": day, "Line": [line]}
    create(quickbooks, "Invoice", **theirs, DocNumber="INV-1")
    wait_and_drain(quickbooks, clock)
    quickbooks.in_order(bill)
    assert quickbooks.remote_id(bill) == there["Id"]
    assert sorted(one["DocNumber"] for one in quickbooks.books("Invoice")) == ["BK-1", "INV-1", "OLD-1"]


def test_another_of_the_same_content_is_no_proof(quickbooks, owner, clock):
    """Two that fit: nobody can tell, so it is sent under the same request id."""
    person = builders.customer(owner.company)
    bill = builders.invoice(person, number="INV-1")
    quickbooks.drain()
    for number in ("BK-1", "BK-2"):
        there = quickbooks.invoice("INV-1")
        fields = {name: there[name] for name in ("CustomerRef", "TxnDate", "Line")}
        quickbooks.simulator.control(
            "POST", f"companies/{quickbooks.realm}/invoice", {**fields, "DocNumber": number}
        )
    second = builders.invoice(person, number="INV-2")
    quickbooks.script("cut_before", operation="invoice.create")
    quickbooks.drain()
    assert quickbooks.row(second).state is TaskState.CHECKING
    wait_and_drain(quickbooks, clock)
    quickbooks.in_order(bill, second)
    assert len(quickbooks.books("Invoice")) == 4


@pytest.mark.parametrize("others", [0, 2])
def test_a_payment_moved_to_another_day_there(quickbooks, bill, clock, forgetful, others):
    """Alone, or in a batch of which the rest is found by its day. It is known by its mark and keeps that day."""
    payments = [builders.payment(bill, f"{amount}") for amount in range(30, 31 + others)]
    quickbooks.script("cut_after", operation="batch" if others else "payment.create")
    quickbooks.drain()
    there = next(one for one in quickbooks.books("Payment") if one["TotalAmt"] == 30)
    quickbooks.do("payment", there["Id"], "edit", TxnDate="2026-03-09")
    wait_and_drain(quickbooks, clock)
    quickbooks.in_order(*payments)
    assert sorted(one["TotalAmt"] for one in quickbooks.books("Payment")) == list(range(30, 31 + others))
    assert quickbooks.remote_id(payments[0]) == there["Id"]
    builders.edit_payment(payments[0], reference="1077")
    quickbooks.drain()
    kept = next(one for one in quickbooks.books("Payment") if one["Id"] == there["Id"])
    assert (kept["TxnDate"], kept["PaymentRefNum"]) == ("2026-03-09", "1077")
