"""A bookkeeper works in the same books: what they wrote survives what we send, or a person is asked first."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.extensions import db
from app.invoices.disputes import MoneyReceived
from app.invoices.lifecycle import mark_sent, void
from app.invoices.models import Invoice
from app.invoices.payments import take_back
from app.invoices.totals import recalculate
from app.quickbooks import orders
from app.quickbooks.checks import daily
from app.quickbooks.lane import draining
from app.quickbooks.models import PushBatch, RecordKind, RemoteLink, TaskState
from app.quickbooks.models.answers import Question
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.checkpoint import built_once
from tests.quickbooks.conftest import SERVER_LIMIT
from tests.quickbooks.scenarios.test_payments import reissued

LINES = (("Service call", "1", "100.00"), ("Filter", "2", "15.00"))
SURVIVORS = {
    "date": {"TxnDate": "2026-03-05", "DueDate": "2026-04-01"},
    "due date": {"DueDate": "2026-05-01"},
    "memo": {"CustomerMemo": {"value": "Thank you"}},
    "e-mail": {"BillEmail": {"Address": "accounts@rivera.example"}},
    "e-mail status": {"EmailStatus": "EmailSent"},
    "print status": {"PrintStatus": "PrintComplete"},
    "second address line": {"BillAddr": {"Line1": "12 Harbor St", "Line2": "Floor 2", "City": "Portland"}},
    "delivery address": {"ShipAddr": {"Line1": "9 Dock Rd", "Line2": "Gate 3", "City": "Saco"}},
    "number": {"DocNumber": "INV-7b"},
}


@built_once
def bill(quickbooks, owner):
    """In QuickBooks, two lines, $130.00."""
    record = builders.invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-7", lines=LINES)
    quickbooks.drain()
    return record


def there(quickbooks) -> dict:
    (only,) = quickbooks.books("Invoice")
    return only


def edit_there(quickbooks, **fields) -> None:
    quickbooks.do("invoice", there(quickbooks)["Id"], "edit", **fields)


def sold(record: dict) -> list[dict]:
    return [line for line in record["Line"] if line["DetailType"] == "SalesItemLineDetail"]


def edit_line_there(quickbooks, place: int, detail: dict | None = None, **fields) -> None:
    lines = sold(there(quickbooks))
    lines[place] |= fields
    lines[place]["SalesItemLineDetail"] |= detail or {}
    edit_there(quickbooks, Line=lines)


def calls_of(quickbooks, act) -> list[str]:
    before = len(quickbooks.simulator.calls())
    act()
    return [call["operation"] for call in quickbooks.simulator.calls()[before:]]


@pytest.mark.parametrize("fields", SURVIVORS.values(), ids=SURVIVORS.keys())
def test_an_edit_of_the_note_leaves_alone_what_they_wrote(quickbooks, bill, fields):
    edit_there(quickbooks, **fields)
    builders.edit_invoice(bill, notes="Gate code 4711")
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert there(quickbooks)["PrivateNote"] == "Gate code 4711"
    for field, value in fields.items():
        shown = there(quickbooks)[field]
        assert (value.items() <= shown.items()) if isinstance(value, dict) else shown == value


def test_custom_fields_survive_an_edit_of_the_lines(quickbooks, bill):
    edit_there(quickbooks, CustomField=[{"DefinitionId": "1", "StringValue": "Crew 4"}])
    bill.lines[0].description = "Service call, with travel"
    builders.edit_invoice(bill, notes="Gate code 4711")
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert there(quickbooks)["CustomField"][0]["StringValue"] == "Crew 4"


def test_an_ordinary_edit_names_its_field_alone_and_reads_nothing(quickbooks, bill):
    builders.edit_invoice(bill, notes="Gate code 4711")
    assert calls_of(quickbooks, quickbooks.drain) == ["invoice.update"]
    latest = db.session.scalars(select(PushBatch).order_by(PushBatch.id.desc())).first()
    assert latest.items[0].body.keys() == {"Id", "SyncToken", "sparse", "PrivateNote"}


@pytest.fixture
def classes(quickbooks) -> None:
    """Its bookkeeper tracks classes by line; number 2 is one of them."""
    switched_on = {"AccountingInfoPrefs": {"ClassTrackingPerTxnLine": True}}
    quickbooks.simulator.company(quickbooks.realm, plan="Plus", preferences=switched_on)
    made = [create(quickbooks, "Class", Name=name)["Id"] for name in ("Installation", "Service")]
    assert made == ["1", "2"]


RECODED = {
    "class": {"ClassRef": {"value": "2", "name": "Service"}},
    "service date": {"ServiceDate": "2026-02-27"},
}


@pytest.mark.parametrize("detail", RECODED.values(), ids=RECODED.keys())
@pytest.mark.parametrize("place", [0, 1])
def test_an_edit_of_a_line_keeps_what_they_wrote_on_the_lines(quickbooks, classes, bill, detail, place):
    edit_line_there(quickbooks, place, detail)
    bill.lines[0].unit_price = bill.lines[0].amount = Decimal(120)
    builders.edit_invoice(bill, subtotal=Decimal(150), total=Decimal(150))
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert detail.items() <= sold(there(quickbooks))[place]["SalesItemLineDetail"].items()
    assert there(quickbooks)["TotalAmt"] == 150


def test_an_item_and_a_description_of_another_line_survive(quickbooks, bill):
    other = next(item for item in quickbooks.books("Item") if item["Name"] == "Service call")
    edit_line_there(quickbooks, 1, {"ItemRef": {"value": other["Id"]}}, Description="MERV 13 filter")
    bill.lines[0].description = "Service call, with travel"
    builders.edit_invoice(bill)
    quickbooks.drain()
    quickbooks.in_order(bill)
    first, second = sold(there(quickbooks))
    assert (first["Description"], second["Description"]) == ("Service call, with travel", "MERV 13 filter")
    assert second["SalesItemLineDetail"]["ItemRef"]["value"] == other["Id"]


def test_a_line_they_added_stays(quickbooks, bill):
    text = {"DetailType": "DescriptionOnly", "Description": "Thank you for your business"}
    edit_there(quickbooks, Line=[*sold(there(quickbooks)), text])
    bill.lines[0].description = "Service call, with travel"
    builders.edit_invoice(bill)
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert "Thank you for your business" in [line.get("Description") for line in there(quickbooks)["Line"]]


def test_a_line_removed_here_goes_and_the_others_keep_theirs(quickbooks, classes, bill):
    edit_line_there(quickbooks, 1, {"ClassRef": {"value": "2"}})
    del bill.lines[0]
    builders.edit_invoice(bill, subtotal=Decimal(30), total=Decimal(30))
    quickbooks.drain()
    quickbooks.in_order(bill)
    (left,) = sold(there(quickbooks))
    assert (left["Amount"], left["SalesItemLineDetail"]["ClassRef"]["value"]) == (30, "2")


def test_a_line_that_they_dated_is_not_taken_out_unasked(quickbooks, owner, bill):
    edit_line_there(quickbooks, 0, {"ServiceDate": "2026-02-27"})
    del bill.lines[0]
    builders.edit_invoice(bill, subtotal=Decimal(30), total=Decimal(30))
    quickbooks.drain()
    task = quickbooks.row(bill)
    assert task.problem == "changed_in_quickbooks"
    assert "the service date of line 1 from none to Feb 27, 2026" in task.message
    assert len(sold(there(quickbooks))) == 2
    page = owner.get(f"/invoices/{bill.id}/quickbooks/preview").text
    assert "the service date of line 1 from none to Feb 27, 2026" in page
    orders.overwrite(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia", task.question["seen"])
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert [line["Amount"] for line in sold(there(quickbooks))] == [30]


def test_the_tax_of_lines_that_are_left_stays_with_them(quickbooks, owner):
    """Of what was changed here with them, the note goes; the tax does not."""
    person = builders.customer(owner.company, "Rivera HVAC")
    record = builders.invoice(person, number="INV-7", tax_rate=Decimal(8))
    quickbooks.drain()
    before = there(quickbooks)
    edit_line_there(quickbooks, 0, Description="Service call, no charge for travel")
    record.lines[0].description, record.lines[0].unit_price = "Two visits", Decimal(300)
    recalculate(record)
    builders.edit_invoice(record, notes="Gate code 4711")
    quickbooks.drain()
    assert quickbooks.row(record).problem == "changed_in_quickbooks"
    told = builders.differences("lines “Two visits” here")
    orders.leave_different(quickbooks.connection, RecordKind.INVOICE, record.id, "Olivia", told)
    db.session.commit()
    quickbooks.drain()
    shown = there(quickbooks)
    assert (shown["TotalAmt"], shown["TxnTaxDetail"]["TotalTax"]) == (
        before["TotalAmt"],
        before["TxnTaxDetail"]["TotalTax"],
    )
    assert shown["PrivateNote"] == "Gate code 4711"


CONFLICTS = {
    "due date": ({"DueDate": "2026-05-01"}, {"due_date": date(2026, 4, 20)},
                 "the due date from Apr 1, 2026 to May 1, 2026"),
    "date": ({"TxnDate": "2026-03-05", "DueDate": "2026-04-01"}, {"issue_date": date(2026, 3, 4)},
             "the date from Mar 2, 2026 to Mar 5, 2026"),
    "note": ({"PrivateNote": "Paid in cash?"}, {"notes": "Gate code"}, "the memo from none to “Paid in cash?”"),
    "number": ({"DocNumber": "INV-7b"}, {"number": "INV-8"}, "the number from INV-7 to INV-7b"),
}  # fmt: skip


@pytest.mark.parametrize(("theirs", "ours", "words"), CONFLICTS.values(), ids=CONFLICTS.keys())
def test_the_same_field_on_both_sides_asks_first(quickbooks, bill, theirs, ours, words):
    edit_there(quickbooks, **theirs)
    builders.edit_invoice(bill, **ours)
    quickbooks.drain()
    task = quickbooks.row(bill)
    assert (task.state, task.problem) == (TaskState.ERROR, "changed_in_quickbooks")
    assert (
        task.message
        == f"Invoice INV-7 was changed in QuickBooks since it was last sent: {words}.".replace(
            "Invoice INV-7 ", f"Invoice {bill.number} "
        )
    )
    assert theirs.items() <= there(quickbooks).items()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"Description": "Visit"}, "the description of line 1 from “Service call” to “Visit”"),
        ({"detail": {"Qty": 2, "UnitPrice": 50}}, "the quantity of line 1 from 1 to 2"),
    ],
)
def test_the_same_line_on_both_sides_asks_first(quickbooks, bill, fields, words):
    edit_line_there(quickbooks, 0, **fields)
    bill.lines[0].description = "Service call, with travel"
    bill.lines[0].unit_price = bill.lines[0].amount = Decimal(90)
    builders.edit_invoice(bill, subtotal=Decimal(120), total=Decimal(120))
    quickbooks.drain()
    assert words in quickbooks.row(bill).message
    assert there(quickbooks)["TotalAmt"] == 130


def test_what_they_changed_before_an_unrelated_push_is_asked_about_when_it_is_ours_to_write(quickbooks, bill):
    edit_there(quickbooks, DueDate="2026-05-01")
    builders.edit_invoice(bill, notes="Gate code")
    quickbooks.drain()
    quickbooks.in_order(bill)
    builders.edit_invoice(bill, due_date=date(2026, 4, 20))
    quickbooks.drain()
    assert "the due date from Apr 1, 2026 to May 1, 2026" in quickbooks.row(bill).message
    assert there(quickbooks)["DueDate"] == "2026-05-01"


def test_what_they_reverted_while_our_update_was_lost_is_not_overwritten(quickbooks, bill, clock):
    builders.edit_invoice(bill, due_date=date(2026, 4, 20))
    quickbooks.script("cut_after", operation="invoice.update")
    quickbooks.drain()
    edit_there(quickbooks, DueDate="2026-04-01")
    clock.advance(seconds=5)
    quickbooks.drain()
    assert quickbooks.row(bill).problem == "changed_in_quickbooks"
    assert there(quickbooks)["DueDate"] == "2026-04-01"


def test_nobody_is_said_to_have_changed_back_what_may_never_have_arrived(quickbooks, bill, clock):
    """They edited other fields, twice, while our update was lost: either may have happened."""
    builders.edit_invoice(bill, due_date=date(2026, 4, 20))
    quickbooks.script("cut_before", operation="invoice.update")
    quickbooks.drain()
    for note in ("Called", "Called twice"):
        edit_there(quickbooks, CustomerMemo={"value": note})
    for seconds in (5, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    told = "the due date from Apr 20, 2026 to Apr 1, 2026 (or our change never arrived)."
    assert quickbooks.row(bill).message.endswith(told)
    assert there(quickbooks)["DueDate"] == "2026-04-01"


def test_our_update_that_was_never_done_is_sent_again(quickbooks, bill, clock):
    builders.edit_invoice(bill, due_date=date(2026, 4, 20))
    quickbooks.script("cut_before", operation="invoice.update")
    quickbooks.drain()
    for seconds in (5, SERVER_LIMIT):  # before that it may still come
        clock.advance(seconds=seconds)
        quickbooks.drain()
    quickbooks.in_order(bill)
    assert there(quickbooks)["DueDate"] == "2026-04-20"


def test_what_never_arrived_after_a_payment_of_theirs_is_nobodys_change(quickbooks, bill, clock):
    """The payment moved the version only; what is there still is what we first sent."""
    quickbooks.do("invoice", there(quickbooks)["Id"], "pay", amount=30)
    quickbooks.script("fault", operation="invoice.update", code="5010")
    quickbooks.script("cut_before", operation="invoice.update")
    bill.lines[0].unit_price = bill.lines[0].amount = Decimal(120)
    builders.edit_invoice(bill, notes="Gate code", total=Decimal(150), subtotal=Decimal(150))
    said = []
    for seconds in (0, 5, SERVER_LIMIT, 5):
        clock.advance(seconds=seconds)
        quickbooks.drain()
        said.append(quickbooks.row(bill).message)
    assert said == [""] * 4
    quickbooks.in_order(bill)
    assert (there(quickbooks)["PrivateNote"], there(quickbooks)["TotalAmt"]) == ("Gate code", 150)


@pytest.mark.parametrize("effect", ["cut_after", "fault_after"])
def test_our_own_lost_update_is_nobodys_change(quickbooks, bill, clock, effect):
    """Edited once more before anybody knew that it had arrived."""
    builders.edit_invoice(bill, notes="Changed 1")
    quickbooks.script(effect, operation="invoice.update", code="10000")
    quickbooks.drain()
    builders.edit_invoice(bill, notes="Changed 2")
    said = []
    for seconds in (5, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
        said.append(quickbooks.row(bill).message)
    assert said == ["", ""]
    quickbooks.in_order(bill)
    assert there(quickbooks)["PrivateNote"] == "Changed 2"


def test_a_money_total_changed_there_is_said_after_an_unrelated_edit(quickbooks, bill):
    edit_line_there(quickbooks, 0, {"UnitPrice": 120}, Amount=120)
    builders.edit_invoice(bill, notes="Gate code")
    quickbooks.drain()
    assert quickbooks.row(bill).problem == "total_differs"
    assert (there(quickbooks)["TotalAmt"], there(quickbooks)["PrivateNote"]) == (150, "Gate code")


# Customers


@built_once
def rivera(quickbooks, owner):
    record = builders.customer(owner.company, "Rivera HVAC", email="ana@rivera.example", phone="207 555 0100")
    quickbooks.drain()
    return record


def customer_there(quickbooks) -> dict:
    (only,) = quickbooks.books("Customer")
    return only


def edit_customer_there(quickbooks, **fields) -> None:
    quickbooks.do("customer", customer_there(quickbooks)["Id"], "edit", **fields)


THEIRS = {
    "name": {"DisplayName": "Rivera HVAC LLC"},
    "e-mail": {"PrimaryEmailAddr": {"Address": "office@rivera.example"}},
    "notes": {"Notes": "Always pays late"},
    "terms": {"SalesTermRef": {"value": "3"}},
    "mobile": {"Mobile": {"FreeFormNumber": "207 555 0177"}},
    "address": {"BillAddr": {"Line1": "12 Harbor St", "Line2": "Floor 2", "City": "Portland"}},
}


@pytest.mark.parametrize("fields", THEIRS.values(), ids=THEIRS.keys())
def test_a_new_phone_here_leaves_alone_what_they_wrote_on_the_customer(quickbooks, rivera, fields):
    edit_customer_there(quickbooks, **fields)
    builders.edit_customer(rivera, phone="207 555 0199")
    quickbooks.drain()
    quickbooks.in_order(rivera)
    shown = customer_there(quickbooks)
    assert shown["PrimaryPhone"]["FreeFormNumber"] == "207 555 0199"
    for field, value in fields.items():
        assert (value.items() <= shown[field].items()) if isinstance(value, dict) else shown[field] == value


def test_a_second_address_line_survives_a_move(quickbooks, rivera):
    edit_customer_there(quickbooks, BillAddr={**customer_there(quickbooks)["BillAddr"], "Line2": "Attn: Ana"})
    rivera.primary_location.street = "14 Harbor St"
    builders.edit_customer(rivera)
    quickbooks.drain()
    quickbooks.in_order(rivera)
    address = customer_there(quickbooks)["BillAddr"]
    assert (address["Line1"], address["Line2"]) == ("14 Harbor St", "Attn: Ana")


def test_a_name_changed_on_both_sides_asks_and_both_answers_hold(quickbooks, rivera, owner):
    edit_customer_there(quickbooks, DisplayName="Rivera HVAC LLC")
    builders.edit_customer(rivera, name="Rivera Heating")
    quickbooks.drain()
    task = quickbooks.row(rivera)
    assert task.message.endswith("since it was last sent: the name from Rivera HVAC to Rivera HVAC LLC.")
    page = owner.get("/settings/integrations/quickbooks").text
    assert "Overwrite in QuickBooks" in page
    address = f"/settings/integrations/quickbooks/queue/{task.id}"
    owner.post(f"{address}/overwrite", {"seen": task.question["seen"]})
    quickbooks.drain()
    quickbooks.in_order(rivera)
    assert customer_there(quickbooks)["DisplayName"] == "Rivera Heating"


def test_a_customer_left_different_rests_until_the_name_is_ours_to_write_again(quickbooks, rivera, owner):
    edit_customer_there(quickbooks, DisplayName="Rivera HVAC LLC")
    builders.edit_customer(rivera, name="Rivera Heating")
    quickbooks.drain()
    task = quickbooks.row(rivera)
    owner.post(f"/settings/integrations/quickbooks/queue/{task.id}/leave")
    quickbooks.drain()
    quickbooks.in_order(rivera)
    builders.edit_customer(rivera, phone="207 555 0199")
    quickbooks.drain()
    quickbooks.in_order(rivera)
    shown = customer_there(quickbooks)
    assert (shown["DisplayName"], shown["PrimaryPhone"]["FreeFormNumber"]) == (
        "Rivera HVAC LLC",
        "207 555 0199",
    )


@pytest.mark.parametrize("answer", ["lost", "comes"])
def test_what_was_not_asked_about_goes_when_the_rest_is_left(quickbooks, rivera, owner, clock, answer):
    edit_customer_there(quickbooks, DisplayName="Rivera HVAC LLC")
    builders.edit_customer(rivera, name="Rivera Heating", phone="207 555 0199")
    quickbooks.drain()
    if answer == "lost":
        quickbooks.script("cut_after", operation="customer.update")
    owner.post(f"/settings/integrations/quickbooks/queue/{quickbooks.row(rivera).id}/leave")
    for seconds in (0, 5, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    quickbooks.in_order(rivera)
    shown = customer_there(quickbooks)
    assert (shown["DisplayName"], shown["PrimaryPhone"]["FreeFormNumber"]) == (
        "Rivera HVAC LLC",
        "207 555 0199",
    )
    link = db.session.scalars(
        select(RemoteLink).filter_by(record_id=rivera.id, kind=RecordKind.CUSTOMER)
    ).one()
    assert "the name" in link.left_different["fields"][0]


# Money


@built_once
def paid(quickbooks, owner):
    """$40.00 of INV-7, in QuickBooks, and another invoice of the customer."""
    person = builders.customer(owner.company, "Rivera HVAC")
    first = builders.sent_invoice(person, number="INV-7")
    builders.sent_invoice(person, number="INV-8")
    quickbooks.drain()
    quickbooks.switch_payments()
    payment = builders.payment(first, "40")
    quickbooks.drain()
    return payment


def payment_there(quickbooks) -> dict:
    (only,) = quickbooks.books("Payment")
    return only


def apply_anew(quickbooks, number: str, payment: dict | None = None) -> None:
    there = payment or payment_there(quickbooks)
    link = {"TxnId": quickbooks.invoice(number)["Id"], "TxnType": "Invoice"}
    quickbooks.do("payment", there["Id"], "edit", Line=[{"Amount": 40, "LinkedTxn": [link]}])


def test_a_payment_applied_anew_stays_there_when_its_reference_changes(quickbooks, paid):
    apply_anew(quickbooks, "INV-8")
    builders.edit_payment(paid, reference="1043")
    quickbooks.drain()
    assert payment_there(quickbooks)["PaymentRefNum"] == "1043"
    assert quickbooks.invoice("INV-8")["Balance"] == 60
    assert quickbooks.row(paid).state is TaskState.SYNCED


def test_a_reference_changed_on_both_sides_asks_first(quickbooks, paid):
    quickbooks.do("payment", payment_there(quickbooks)["Id"], "edit", PaymentRefNum="1042-B")
    builders.edit_payment(paid, reference="1043")
    quickbooks.drain()
    assert "the reference from 1042 to 1042-B" in quickbooks.row(paid).message
    assert payment_there(quickbooks)["PaymentRefNum"] == "1042-B"


def test_a_payment_taken_back_here_and_applied_anew_there_asks_first(quickbooks, paid):
    apply_anew(quickbooks, "INV-8")
    take_back(paid)
    db.session.commit()
    quickbooks.drain()
    assert "applied to" in quickbooks.row(paid).message
    assert payment_there(quickbooks)["TotalAmt"] == 40


@pytest.mark.parametrize("effect", ["cut_after", "garbled"])
def test_a_payment_they_moved_before_we_knew_of_it_stays_where_they_put_it(quickbooks, paid, clock, effect):
    second = builders.payment(paid.invoice, "40", reference="1044")
    quickbooks.script(effect, operation="payment.create")
    quickbooks.drain()
    (lost,) = (one for one in quickbooks.books("Payment") if one["PaymentRefNum"] == "1044")
    apply_anew(quickbooks, "INV-8", lost)
    for seconds in (5, SERVER_LIMIT, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    quickbooks.in_order(second)
    assert len(quickbooks.books("Payment")) == 2
    assert quickbooks.invoice("INV-8")["Balance"] == 60


def other_invoice() -> Invoice:
    return db.session.scalars(select(Invoice).filter_by(number="INV-8")).one()


def drain_for_twenty_waves(quickbooks) -> None:
    """What goes on for ever does not hang the test."""
    turns = iter(range(20))
    draining.drain(quickbooks.connection.id, go_on=lambda: next(turns, None) is not None)
    db.session.rollback()


def test_a_void_waits_for_no_payment_that_they_moved_to_it(quickbooks, paid):
    """Nobody here is about to take it off, so QuickBooks refuses, and the row says what to do."""
    apply_anew(quickbooks, "INV-8")
    builders.edit_payment(paid, reference="1043")
    quickbooks.drain()
    void(other_invoice())
    db.session.commit()
    drain_for_twenty_waves(quickbooks)
    row = quickbooks.row(other_invoice())
    assert (row.state, row.problem) == (TaskState.ERROR, "payment_applied")
    quickbooks.in_order(paid)


def test_payments_that_they_swapped_do_not_wait_for_each_other(quickbooks, paid):
    second = builders.payment(other_invoice(), "40")
    quickbooks.drain()
    first_there, second_there = quickbooks.books("Payment")
    apply_anew(quickbooks, "INV-8", first_there)
    apply_anew(quickbooks, "INV-7", second_there)
    for reference in ("1043", "1044"):
        builders.edit_payment(paid, reference=reference)
        builders.edit_payment(second, reference=reference)
        drain_for_twenty_waves(quickbooks)
    quickbooks.in_order(paid, second)
    assert {one["PaymentRefNum"] for one in quickbooks.books("Payment")} == {"1044"}


def test_a_refund_keeps_what_they_wrote_on_it(quickbooks, paid):
    refund = builders.refund(paid.invoice, "10")
    quickbooks.drain()
    (receipt,) = quickbooks.books("RefundReceipt")
    quickbooks.do(
        "refundreceipt", receipt["Id"], "edit", CustomerMemo={"value": "Sorry"}, TxnDate="2026-03-09"
    )
    builders.edit_refund(refund, reason="Came far too late")
    quickbooks.drain()
    (receipt,) = quickbooks.books("RefundReceipt")
    assert (receipt["CustomerMemo"]["value"], receipt["TxnDate"]) == ("Sorry", "2026-03-09")
    assert "far too late" in receipt["PrivateNote"]


def test_a_payment_stays_with_its_customer_when_its_invoice_is_put_back(quickbooks, paid):
    """They took the payment off and gave the invoice to another customer, and the Owner overwrites that."""
    invoice, payment = quickbooks.invoice("INV-7"), quickbooks.books("Payment")[0]
    other = create(quickbooks, "Customer", DisplayName="Casco Bay Cafe")["Id"]
    quickbooks.do("payment", payment["Id"], "edit", Line=[])
    quickbooks.do("invoice", invoice["Id"], "edit", CustomerRef={"value": other})
    daily.check(quickbooks.connection.id)
    task = quickbooks.row(paid.invoice)
    assert task.problem == "different_there"
    seen = Question.from_json(task.question).seen
    orders.overwrite(quickbooks.connection, RecordKind.INVOICE, paid.invoice_id, "Olivia", seen)
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.invoice("INV-7")["CustomerRef"]["value"] == invoice["CustomerRef"]["value"]
    (there,) = quickbooks.books("Payment")
    assert there["CustomerRef"]["value"] == payment["CustomerRef"]["value"]


def test_a_payment_waits_until_its_invoice_has_gone_to_another_customer(quickbooks, owner):
    """All of it was done here before anything was sent again."""
    person, other = (builders.customer(owner.company, name) for name in ("Rivera HVAC", "Casco Bay Cafe"))
    bill = builders.invoice(person, number="INV-9")
    quickbooks.drain()
    quickbooks.switch_payments()
    quickbooks.drain()
    builders.edit_invoice(bill, customer_id=other.id)
    mark_sent(bill)
    payment = builders.payment(bill, "100")
    quickbooks.drain()
    quickbooks.in_order(bill, payment)
    there = quickbooks.invoice("INV-9")
    assert there["CustomerRef"]["value"] == quickbooks.remote_id(other)
    assert there["Balance"] == 0


def test_a_payment_goes_where_they_moved_its_invoice(quickbooks, owner):
    """An edit here waits for an answer; the money does not."""
    bill = builders.sent_invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-7")
    quickbooks.drain()
    quickbooks.switch_payments()
    other = create(quickbooks, "Customer", DisplayName="Casco Bay Cafe")["Id"]
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "edit", CustomerRef={"value": other})
    daily.check(quickbooks.connection.id)
    builders.edit_invoice(bill, issue_date=date(2026, 3, 1))
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert quickbooks.books("Payment")[0]["CustomerRef"]["value"] == other


@pytest.mark.parametrize("is_known", [True, False])
def test_a_reissue_asks_before_it_takes_a_payment_from_whom_they_gave_it_to(quickbooks, paid, is_known):
    """They moved the invoice with its payment to another customer; QuickBooks takes the payment for the new invoice
    only with the customer of that.
    """
    bill, ours = paid.invoice, quickbooks.invoice("INV-7")["CustomerRef"]["value"]
    give_to_another(quickbooks)
    if is_known:
        daily.check(quickbooks.connection.id)
    corrected = reissued(bill, MoneyReceived.MOVE)
    quickbooks.drain()
    task = quickbooks.row(paid)
    assert task.problem == "changed_in_quickbooks"
    assert "the customer from Rivera HVAC to Casco Bay Cafe" in task.message
    orders.overwrite_asked(quickbooks.connection, task, "Olivia", Question.from_json(task.question).seen)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(paid, corrected)
    (there,) = quickbooks.books("Payment")
    assert there["CustomerRef"]["value"] == ours
    assert quickbooks.invoice(corrected.number)["Balance"] == corrected.total - paid.amount


def test_a_payment_left_with_whom_they_gave_it_to_stays_on_the_old_invoice(quickbooks, paid):
    bill = paid.invoice
    give_to_another(quickbooks)
    corrected = reissued(bill, MoneyReceived.MOVE)
    quickbooks.drain()
    before = quickbooks.books("Payment")
    orders.leave_asked(quickbooks.connection, quickbooks.row(paid), "Olivia")
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(paid, corrected)
    assert quickbooks.books("Payment") == before
    assert quickbooks.row(bill).problem == "payment_applied"


def give_to_another(quickbooks) -> None:
    """The bookkeeper moves the only invoice with its only payment to another customer."""
    invoice, payment = quickbooks.invoice("INV-7"), quickbooks.books("Payment")[0]
    other = {"CustomerRef": {"value": create(quickbooks, "Customer", DisplayName="Casco Bay Cafe")["Id"]}}
    quickbooks.do("payment", payment["Id"], "edit", Line=[])
    quickbooks.do("invoice", invoice["Id"], "edit", **other)
    quickbooks.do("payment", payment["Id"], "edit", Line=payment["Line"], **other)
