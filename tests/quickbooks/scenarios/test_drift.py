"""Somebody changes an invoice in QuickBooks, and somebody changes it here: nobody's work is lost without a word."""

from decimal import Decimal

import pytest

from app.extensions import db
from app.quickbooks import orders
from app.quickbooks.mapping import fingerprint
from app.quickbooks.mapping.remembering import learn
from app.quickbooks.models import RecordKind, TaskState
from app.quickbooks.models.memory import Memory
from tests.quickbooks import builders
from tests.quickbooks.checkpoint import built_once


@built_once
def bill(quickbooks, owner):
    """In QuickBooks, $100.00."""
    record = builders.invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-7")
    quickbooks.drain()
    return record


def there(quickbooks) -> dict:
    (only,) = quickbooks.books("Invoice")
    return only


def row(quickbooks, bill):
    db.session.expire_all()
    return builders.task_of(quickbooks.connection, bill)


def bookkeeper_edits(quickbooks, **fields) -> None:
    quickbooks.do("invoice", there(quickbooks)["Id"], "edit", **fields)


def bookkeeper_raises_the_total(quickbooks, amount: int = 120) -> None:
    (line, *_) = there(quickbooks)["Line"]
    detail = {"ItemRef": line["SalesItemLineDetail"]["ItemRef"]}
    bookkeeper_edits(quickbooks, Line=[line | {"Amount": amount, "SalesItemLineDetail": detail}])


def we_change_the_price(bill, price: int = 110) -> None:
    line = bill.lines[0]
    line.unit_price = line.amount = Decimal(price)
    builders.edit_invoice(bill, subtotal=Decimal(price), total=Decimal(price))


def overwrite(quickbooks, bill) -> None:
    """Somebody looks at the two and decides."""
    kind = RecordKind.INVOICE
    seen = fingerprint.of(learn(Memory(), kind, there(quickbooks)), kind)
    orders.overwrite(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia", seen)
    db.session.commit()


def test_a_total_changed_there_is_not_overwritten_by_an_edit_here(quickbooks, bill):
    bookkeeper_raises_the_total(quickbooks)
    we_change_the_price(bill)
    quickbooks.drain()
    task = row(quickbooks, bill)
    assert (task.state, task.problem) == (TaskState.ERROR, "changed_in_quickbooks")
    assert task.message == (
        "Invoice INV-7 was changed in QuickBooks since it was last sent: the total from $100.00 to $120.00, "
        "the amount of line 1 from $100.00 to $120.00."
    )
    assert there(quickbooks)["TotalAmt"] == 120


@pytest.mark.parametrize("edits_before_the_answer", [0, 1])
def test_whoever_saw_it_may_overwrite_it(quickbooks, bill, edits_before_the_answer):
    bookkeeper_raises_the_total(quickbooks)
    we_change_the_price(bill)
    quickbooks.drain()
    for _ in range(edits_before_the_answer):
        builders.edit_invoice(bill, notes="Gate code 4712")
    overwrite(quickbooks, bill)
    quickbooks.drain()
    assert row(quickbooks, bill).state is TaskState.SYNCED
    assert there(quickbooks)["TotalAmt"] == 110


def test_a_second_change_there_asks_again(quickbooks, bill):
    bookkeeper_raises_the_total(quickbooks)
    overwrite(quickbooks, bill)
    bookkeeper_raises_the_total(quickbooks, 130)
    quickbooks.drain()
    assert "to $130.00" in row(quickbooks, bill).message
    assert there(quickbooks)["TotalAmt"] == 130


def test_the_same_change_again_after_it_was_overwritten_asks_again(quickbooks, bill):
    bookkeeper_raises_the_total(quickbooks)
    overwrite(quickbooks, bill)
    quickbooks.drain()
    bookkeeper_raises_the_total(quickbooks)
    we_change_the_price(bill)
    quickbooks.drain()
    assert row(quickbooks, bill).problem == "changed_in_quickbooks"


def test_number_and_customer_count_too(quickbooks, bill, owner):
    builders.customer(owner.company, "Elm Bakery")
    quickbooks.drain()
    other = next(one for one in quickbooks.books("Customer") if one["DisplayName"] == "Elm Bakery")
    bookkeeper_edits(quickbooks, DocNumber="INV-7b", CustomerRef={"value": other["Id"]})
    third = builders.customer(owner.company, "Oak Cafe")
    builders.edit_invoice(bill, number="INV-8", customer_id=third.id)
    quickbooks.drain()
    message = row(quickbooks, bill).message
    assert "the number from INV-7 to INV-7b" in message
    assert "the customer from Rivera HVAC to Elm Bakery" in message


def test_a_payment_or_a_note_there_is_repaired_silently(quickbooks, bill):
    quickbooks.do("invoice", there(quickbooks)["Id"], "pay", amount=40)
    bookkeeper_edits(quickbooks, CustomerMemo={"value": "Thank you"})
    builders.edit_invoice(bill, notes="Gate code 4711")
    quickbooks.drain()
    assert row(quickbooks, bill).state is TaskState.SYNCED
    assert (there(quickbooks)["Balance"], there(quickbooks)["PrivateNote"]) == (60, "Gate code 4711")


def test_the_same_change_on_both_sides_is_no_conflict(quickbooks, bill):
    bookkeeper_raises_the_total(quickbooks)
    line = bill.lines[0]
    line.unit_price = line.amount = Decimal(120)
    builders.edit_invoice(bill, subtotal=Decimal(120), total=Decimal(120))
    quickbooks.drain()
    assert row(quickbooks, bill).state is TaskState.SYNCED


def test_voided_there_is_said_and_never_filled_again(quickbooks, bill):
    quickbooks.do("invoice", there(quickbooks)["Id"], "void")
    builders.edit_invoice(bill, notes="changed")
    quickbooks.drain()
    assert row(quickbooks, bill).problem == "voided_in_quickbooks"
    assert there(quickbooks)["TotalAmt"] == 0


def test_voided_on_both_sides_agrees(quickbooks, bill):
    quickbooks.do("invoice", there(quickbooks)["Id"], "void")
    builders.edit_invoice(bill, status="void")
    quickbooks.drain()
    assert row(quickbooks, bill).state is TaskState.SYNCED


def test_a_void_here_asks_before_it_takes_a_changed_invoice_along(quickbooks, bill):
    bookkeeper_raises_the_total(quickbooks)
    builders.edit_invoice(bill, status="void")
    quickbooks.drain()
    assert row(quickbooks, bill).problem == "changed_in_quickbooks"
    overwrite(quickbooks, bill)
    quickbooks.drain()
    assert row(quickbooks, bill).state is TaskState.SYNCED
    assert there(quickbooks)["TotalAmt"] == 0


def test_an_update_whose_answer_was_lost_and_that_was_done_is_no_change_of_theirs(quickbooks, bill, clock):
    builders.edit_invoice(bill, number="INV-8")
    quickbooks.script("cut_after", operation="invoice.update")
    quickbooks.drain()
    assert row(quickbooks, bill).state is TaskState.CHECKING
    builders.edit_invoice(bill, number="INV-9")
    clock.advance(seconds=5)
    quickbooks.drain()
    assert row(quickbooks, bill).state is TaskState.SYNCED
    assert there(quickbooks)["DocNumber"] == "INV-9"


def test_after_a_lost_answer_their_change_is_not_overwritten_either(quickbooks, bill, clock):
    we_change_the_price(bill)
    quickbooks.script("cut_before", operation="invoice.update")
    quickbooks.drain()
    bookkeeper_raises_the_total(quickbooks)
    clock.advance(seconds=5)
    quickbooks.drain()
    assert row(quickbooks, bill).problem == "changed_in_quickbooks"
    assert there(quickbooks)["TotalAmt"] == 120


def test_left_different_it_rests_until_the_next_edit_asks_again(quickbooks, bill):
    bookkeeper_raises_the_total(quickbooks)
    we_change_the_price(bill)
    quickbooks.drain()
    told = builders.differences("total $100.00 here, $120.00 in QuickBooks")
    orders.leave_different(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia", told)
    db.session.commit()
    quickbooks.drain()
    assert row(quickbooks, bill).state is TaskState.SYNCED
    we_change_the_price(bill, 115)
    quickbooks.drain()
    assert row(quickbooks, bill).problem == "changed_in_quickbooks"
    assert there(quickbooks)["TotalAmt"] == 120
