"""QuickBooks has the name, the number or the item already: ours, somebody else's, or nobody's to take."""

import pytest

from app.extensions import db
from app.quickbooks.models import TaskState
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create, enter_by_hand


def task(quickbooks, record):
    db.session.expire_all()
    return builders.task_of(quickbooks.connection, record)


def test_a_customer_of_that_name_is_adopted_and_brought_up_to_date(quickbooks, owner):
    there = create(quickbooks, "Customer", DisplayName="Rivera HVAC")
    person = builders.customer(owner.company, "RIVERA HVAC", phone="(207) 555-0199")
    quickbooks.drain()
    (only,) = quickbooks.books("Customer")
    assert only["Id"] == there["Id"]
    assert only["PrimaryPhone"]["FreeFormNumber"] == "(207) 555-0199"
    assert task(quickbooks, person).state is TaskState.SYNCED


def test_adopting_a_customer_erases_nothing_of_the_bookkeepers(quickbooks, owner):
    theirs = {
        "GivenName": "Ana",
        "Notes": "Pays late.",
        "PrimaryEmailAddr": {"Address": "ana@rivera.example"},
    }
    create(quickbooks, "Customer", DisplayName="Rivera HVAC", **theirs)
    person = builders.customer(owner.company, "Rivera HVAC", phone="(207) 555-0199")
    quickbooks.drain()
    builders.edit_customer(person, phone="(207) 555-0100")
    quickbooks.drain()
    (only,) = quickbooks.books("Customer")
    assert only["PrimaryPhone"]["FreeFormNumber"] == "(207) 555-0100"
    assert {field: only.get(field) for field in theirs} == theirs


def test_a_field_we_filled_in_is_emptied_there_too(quickbooks, owner):
    person = builders.customer(owner.company, "Rivera HVAC", phone="(207) 555-0199", notes="Gate code 4711")
    quickbooks.drain()
    builders.edit_customer(person, phone="", notes="")
    quickbooks.drain()
    (only,) = quickbooks.books("Customer")
    assert not only.get("Notes")
    assert not only.get("PrimaryPhone", {}).get("FreeFormNumber")


def test_an_inactive_customer_is_adopted_and_made_active(quickbooks, owner):
    there = create(quickbooks, "Customer", DisplayName="Rivera HVAC")
    quickbooks.do("customer", there["Id"], "deactivate")
    person = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    assert task(quickbooks, person).state is TaskState.SYNCED
    assert [
        customer["Active"]
        for customer in quickbooks.books("Customer")
        if "deleted" not in customer["DisplayName"]
    ] == [True]


def test_a_contradiction_asks(quickbooks, owner):
    create(
        quickbooks, "Customer", DisplayName="Rivera HVAC", PrimaryEmailAddr={"Address": "other@example.com"}
    )
    person = builders.customer(owner.company, "Rivera HVAC", email="ours@example.com")
    quickbooks.drain()
    assert task(quickbooks, person).problem == "name_taken_contradicts"
    builders.edit_customer(person, name="Rivera HVAC Portland")
    quickbooks.drain()
    assert task(quickbooks, person).state is TaskState.SYNCED


def test_two_customers_of_one_name_here(quickbooks, owner):
    first = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    second = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    assert task(quickbooks, first).state is TaskState.SYNCED
    assert task(quickbooks, second).problem == "name_taken_linked"


def test_two_of_one_name_in_one_batch(quickbooks, owner):
    twins = [builders.customer(owner.company, "Rivera HVAC") for _ in range(2)] + [
        builders.customer(owner.company) for _ in range(3)
    ]
    quickbooks.drain()
    problems = sorted(task(quickbooks, person).problem for person in twins)
    assert problems == ["", "", "", "", "name_taken_linked"]


@pytest.mark.parametrize("entity", ["Vendor", "Employee"])
def test_a_vendor_or_employee_of_that_name(quickbooks, owner, entity):
    create(quickbooks, entity, DisplayName="Sam Summit", GivenName="Sam", FamilyName="Summit")
    person = builders.customer(owner.company, "Sam Summit")
    quickbooks.drain()
    assert task(quickbooks, person).problem == "name_taken_by_other"


def test_an_item_of_that_name_is_used_as_it_is(quickbooks, owner):
    before = {item["Name"]: item["Id"] for item in quickbooks.books("Item")}
    builders.invoice(builders.customer(owner.company), lines=(("services", "1", "80.00"),))
    quickbooks.drain()
    (bill,) = quickbooks.books("Invoice")
    assert bill["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"] == before["Services"]
    assert {item["Name"]: item["Id"] for item in quickbooks.books("Item")} == before


def test_the_same_invoice_entered_by_hand_is_adopted(quickbooks, owner):
    person = builders.customer(owner.company)
    first = builders.invoice(person)
    quickbooks.drain()
    (made,) = quickbooks.books("Invoice")
    line = {key: made["Line"][0][key] for key in ("Amount", "DetailType", "SalesItemLineDetail")}
    day = made["TxnDate"]
    create(
        quickbooks,
        "Invoice",
        CustomerRef=made["CustomerRef"],
        DocNumber="BY-HAND-1",
        Line=[line],
        TxnDate=day,
    )
    bill = builders.invoice(person, number="BY-HAND-1")
    quickbooks.drain()
    assert task(quickbooks, bill).state is TaskState.SYNCED
    assert sorted(bill["DocNumber"] for bill in quickbooks.books("Invoice")) == sorted(
        [first.number, "BY-HAND-1"]
    )


def test_another_invoice_with_that_number_asks(quickbooks, owner):
    person = builders.customer(owner.company)
    builders.invoice(person)
    quickbooks.drain()
    enter_by_hand(quickbooks, "BY-HAND-1")
    bill = builders.invoice(person, number="BY-HAND-1")
    quickbooks.drain()
    assert task(quickbooks, bill).problem == "doc_number_taken"
    assert len(quickbooks.books("Invoice")) == 2


def test_a_record_deleted_there_is_made_again_only_when_asked(quickbooks, owner):
    bill = builders.invoice(builders.customer(owner.company))
    quickbooks.drain()
    quickbooks.do("invoice", quickbooks.books("Invoice")[0]["Id"], "delete")
    builders.edit_invoice(bill, notes="a late note")
    quickbooks.drain()
    assert task(quickbooks, bill).problem == "remote_deleted"
    assert quickbooks.books("Invoice") == []
    owner.post(f"/invoices/{bill.id}/quickbooks")
    quickbooks.drain()
    assert task(quickbooks, bill).state is TaskState.SYNCED
    assert len(quickbooks.books("Invoice")) == 1


def test_a_payment_there_is_no_conflict(quickbooks, owner):
    bill = builders.invoice(builders.customer(owner.company))
    quickbooks.drain()
    quickbooks.do("invoice", quickbooks.books("Invoice")[0]["Id"], "pay", amount=40)
    builders.edit_invoice(bill, notes="paid in part there")
    quickbooks.drain()
    (there,) = quickbooks.books("Invoice")
    assert (there["PrivateNote"], there["Balance"]) == ("paid in part there", 60)
    assert task(quickbooks, bill).state is TaskState.SYNCED


def test_an_inactive_customer_and_item_are_made_active_for_the_invoice(quickbooks, owner):
    person = builders.customer(owner.company)
    builders.invoice(person, lines=(("Furnace tune-up", "1", "80.00"),))
    quickbooks.drain()
    quickbooks.do("customer", quickbooks.books("Customer")[0]["Id"], "deactivate")
    item = next(item for item in quickbooks.books("Item") if item["Name"] == "Furnace tune-up")
    quickbooks.do("item", item["Id"], "deactivate")
    bill = builders.invoice(person, lines=(("Furnace tune-up", "1", "95.00"),))
    quickbooks.drain()
    assert task(quickbooks, bill).state is TaskState.SYNCED
