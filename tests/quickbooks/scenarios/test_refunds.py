"""Money given back is a refund receipt in QuickBooks, to the cent, and the invoice stays paid."""

from decimal import Decimal

import pytest

from app.extensions import db
from app.invoices.lifecycle import void
from app.invoices.models import InvoiceStatus
from app.quickbooks import orders
from app.quickbooks.models import RecordKind, TaskState
from tests.quickbooks import builders
from tests.quickbooks.checkpoint import built_once
from tests.quickbooks.conftest import SERVER_LIMIT
from tests.realms import AUTOMATED_TAX, UK, US


@built_once
def bill(quickbooks, bill):
    """Paid as well, there too."""
    builders.payment(bill, "100")
    quickbooks.drain()
    return bill


def test_all_of_it(quickbooks, bill):
    refund = builders.refund(bill, "100")
    quickbooks.drain()
    quickbooks.in_order(bill, refund)
    (there,) = quickbooks.books("RefundReceipt")
    assert there["TotalAmt"] == 100
    assert there["CustomerRef"]["name"] == "Rivera HVAC"
    assert there["DepositToAccountRef"]["name"] == "Undeposited Funds"
    assert there["PaymentMethodRef"]["name"] == "Credit Card"
    assert there["Line"][0]["Description"] == "Refund for INV-7: Came too late"
    assert quickbooks.invoice("INV-7")["Balance"] == 0


def test_parts_of_it(quickbooks, bill):
    refunds = [builders.refund(bill, "30"), builders.refund(bill, "20")]
    quickbooks.drain()
    quickbooks.in_order(*refunds)
    assert sorted(there["TotalAmt"] for there in quickbooks.books("RefundReceipt")) == [20, 30]


def test_tax_that_is_computed_anew_abroad_is_no_silent_cent(quickbooks_of, owner):
    """The contract grants our own amount of tax in the US alone: agreed to the cent, or said."""
    quickbooks = quickbooks_of(owner, UK)
    quickbooks.simulator.company(UK, honour_tax_abroad=False)
    owner.company.currency = "GBP"
    db.session.commit()
    quickbooks.connect()
    quickbooks.drain()
    quickbooks.switch_payments()
    person = builders.customer(owner.company)
    lines = (("Service call", "3", "33.33"),)
    record = builders.sent_invoice(person, number="INV-9", lines=lines, tax_rate=Decimal(20))
    builders.payment(record, str(record.total))
    refunds = [builders.refund(record, amount) for amount in ("0.03", "10.00", "7.77")]
    quickbooks.drain()
    there = {one["DocNumber"].split("-")[1]: one["TotalAmt"] for one in quickbooks.books("RefundReceipt")}
    for refund in refunds:
        total, row = there[str(refund.id)], quickbooks.row(refund)
        assert row.problem == ("" if total == refund.amount else "total_differs")


@pytest.mark.parametrize("company", [US, AUTOMATED_TAX, UK])
@pytest.mark.parametrize("amount", ["0.01", "0.03", "33.37", "all"])
def test_its_total_is_the_refund_to_the_cent_whatever_the_tax(quickbooks_of, owner, company, amount):
    quickbooks = quickbooks_of(owner, company)
    owner.company.currency = "GBP" if company == UK else "USD"
    db.session.commit()
    quickbooks.connect()
    quickbooks.drain()
    quickbooks.switch_payments()
    rate = Decimal(20) if company == UK else Decimal(8)
    lines = (("Service call", "3", "33.33"), ("Filter", "7", "1.005"))
    person = builders.customer(owner.company, state="CA")
    record = builders.sent_invoice(person, lines=lines, tax_rate=rate)
    builders.payment(record, str(record.total))
    refund = builders.refund(record, str(record.total) if amount == "all" else amount)
    quickbooks.drain()
    quickbooks.in_order(record, refund)
    (there,) = quickbooks.books("RefundReceipt")
    assert there["TotalAmt"] == refund.amount
    if amount == "all":
        assert there["TxnTaxDetail"]["TotalTax"] == record.tax_total


@pytest.mark.parametrize("effect", ["cut_before", "cut_after", "cut_middle"])
def test_a_lost_answer_leaves_one_refund(quickbooks, bill, clock, effect):
    refund = builders.refund(bill, "30")
    quickbooks.drain()
    again = builders.refund(bill, "30")
    quickbooks.script(effect, operation="refundreceipt.create")
    quickbooks.drain()
    assert quickbooks.row(again).state is TaskState.CHECKING
    for seconds in (5, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    quickbooks.in_order(refund, again)
    assert len(quickbooks.books("RefundReceipt")) == 2


def entered(quickbooks, refund, **fields) -> dict:
    """A receipt of the same day and amount, entered by somebody in QuickBooks."""
    line = {"DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": {"value": "1"}}}
    (account,) = [one["Id"] for one in quickbooks.books("Account") if one["Name"] == "Checking"]
    amount = fields.pop("amount", refund.amount)
    sent = {
        "TxnDate": refund.refunded_on.isoformat(),
        "DepositToAccountRef": {"value": account},
        "Line": [line | {"Amount": amount}],
        **fields,
    }
    return quickbooks.simulator.control("POST", f"companies/{quickbooks.realm}/refundreceipt", sent)


def nobodys_refund(quickbooks, refund, **fields) -> dict:
    """It names no customer, as QuickBooks lets people enter one."""
    receipt = entered(quickbooks, refund, **fields)
    assert "CustomerRef" not in receipt
    return receipt


def entered_by_hand(quickbooks, refund, **fields) -> dict:
    customer = {"value": quickbooks.remote_id(refund.invoice.customer)}
    return entered(quickbooks, refund, **{"DocNumber": "R-1", "CustomerRef": customer} | fields)


@pytest.mark.parametrize("effect", ["", "cut_before", "cut_after"])
def test_one_that_names_nobody_is_not_ours(quickbooks, bill, clock, effect):
    """Of the same day and amount: neither before ours goes, nor when its answer was lost."""
    refund = builders.refund(bill, "30")
    nobodys_refund(quickbooks, refund)
    if effect:
        quickbooks.script(effect, operation="refundreceipt.create")
    quickbooks.drain()
    for seconds in (5, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    quickbooks.in_order(refund)
    assert len(quickbooks.books("RefundReceipt")) == 2


@pytest.fixture
def earlier_refund(quickbooks, owner):
    """Recorded while payments were switched off, of a paid invoice that is in QuickBooks."""
    record = builders.sent_invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-7")
    builders.payment(record, "100")
    refund = builders.refund(record, "30")
    quickbooks.drain()
    return refund


@pytest.mark.parametrize("answer", ["link", "another"])
def test_one_entered_by_hand_while_payments_were_off_is_asked_about(
    quickbooks, earlier_refund, owner, answer
):
    before = entered_by_hand(quickbooks, earlier_refund)
    quickbooks.switch_payments()
    quickbooks.drain()
    row = quickbooks.row(earlier_refund)
    assert (row.state, row.problem) == (TaskState.ERROR, "refund_entered_there")
    assert len(quickbooks.books("RefundReceipt")) == 1
    page = owner.get("/settings/integrations/quickbooks").text
    for words in (
        "R-1, $30.00, Rivera HVAC",
        "It is the same: link them",
        "It is another refund: send it too",
    ):
        assert words in page
    owner.post(f"/settings/integrations/quickbooks/queue/{row.id}/{answer}")
    quickbooks.drain()
    quickbooks.in_order(earlier_refund)
    receipts = {one["Id"]: one for one in quickbooks.books("RefundReceipt")}
    assert receipts[before["Id"]] == before
    assert len(receipts) == (1 if answer == "link" else 2)
    assert (quickbooks.remote_id(earlier_refund) == before["Id"]) == (answer == "link")


@pytest.mark.parametrize("other", ["day", "amount", "customer"])
def test_one_of_another_day_amount_or_customer_is_not_in_question(quickbooks, earlier_refund, owner, other):
    person = builders.customer(owner.company, "Casco Bay Brewing")
    quickbooks.drain()
    fields = {
        "day": {"TxnDate": "2026-03-03"},
        "amount": {"amount": Decimal("30.01")},
        "customer": {"CustomerRef": {"value": quickbooks.remote_id(person)}},
    }
    entered_by_hand(quickbooks, earlier_refund, **fields[other])
    quickbooks.switch_payments()
    quickbooks.drain()
    quickbooks.in_order(earlier_refund)
    assert len(quickbooks.books("RefundReceipt")) == 2


def test_linked_with_one_by_hand_nothing_of_it_goes_unasked(quickbooks, earlier_refund, owner):
    """Its invoice becomes void, and the receipt of somebody else would be deleted."""
    before = entered_by_hand(quickbooks, earlier_refund)
    quickbooks.switch_payments()
    quickbooks.drain()
    owner.post(f"/settings/integrations/quickbooks/queue/{quickbooks.row(earlier_refund).id}/link")
    quickbooks.drain()
    rest = builders.refund(earlier_refund.invoice, "70")
    void(earlier_refund.invoice)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(rest)
    assert quickbooks.row(earlier_refund).problem == "entered_differently"
    assert quickbooks.books("RefundReceipt") == [before]


@pytest.mark.parametrize("answer", ["", "link", "another"])
def test_void_before_it_went_nothing_is_asked_and_nobody_elses_goes(
    quickbooks, earlier_refund, owner, answer
):
    """Neither the receipt that the row has asked about, also when a person has answered, nor one of nobody."""
    asked = entered_by_hand(quickbooks, earlier_refund)
    quickbooks.switch_payments()
    quickbooks.drain()
    row = quickbooks.row(earlier_refund)
    assert row.problem == "refund_entered_there"
    nobodys = nobodys_refund(quickbooks, earlier_refund)
    if answer:
        owner.post(f"/settings/integrations/quickbooks/queue/{row.id}/{answer}")
    builders.refund(earlier_refund.invoice, "70")
    void(earlier_refund.invoice)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(earlier_refund, *earlier_refund.invoice.refunds)
    assert quickbooks.books("RefundReceipt") == [asked, nobodys]


def test_nor_once_payments_are_on_again_when_it_became_void_while_they_were_off(quickbooks, earlier_refund):
    before = entered_by_hand(quickbooks, earlier_refund)
    quickbooks.switch_payments()
    quickbooks.drain()
    assert quickbooks.row(earlier_refund).problem == "refund_entered_there"
    quickbooks.switch_payments(on=False)
    builders.refund(earlier_refund.invoice, "70")
    void(earlier_refund.invoice)
    db.session.commit()
    quickbooks.switch_payments()
    quickbooks.drain()
    quickbooks.in_order(earlier_refund)
    assert quickbooks.books("RefundReceipt") == [before]


@pytest.mark.parametrize("effect", ["cut_before", "cut_after"])
def test_one_by_hand_is_asked_about_after_a_lost_answer_too(quickbooks, bill, clock, effect):
    """Entered while ours was on the wire: ours is known by its mark, or asked about before it goes again."""
    refund = builders.refund(bill, "30")
    quickbooks.script(effect, operation="refundreceipt.create")
    quickbooks.drain()
    entered_by_hand(quickbooks, refund)
    for seconds in (5, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    if effect == "cut_after":
        quickbooks.in_order(refund)
        assert len(quickbooks.books("RefundReceipt")) == 2
    else:
        assert quickbooks.row(refund).problem == "refund_entered_there"
        assert len(quickbooks.books("RefundReceipt")) == 1


def test_one_of_ours_from_which_the_customer_was_taken_is_asked_about(quickbooks, bill):
    refund = builders.refund(bill, "30")
    row = quickbooks.row(refund)
    row.mark = "9f86d081884c7d65"
    db.session.commit()
    nobodys_refund(quickbooks, refund, DocNumber="R-1", PrivateNote=f"FSM Navigator refund mark {row.mark}")
    quickbooks.drain()
    row = quickbooks.row(refund)
    assert row.problem == "money_contradicts"
    assert row.question["there"] == "R-1, $30.00"


def test_switched_on_later_it_goes_too(quickbooks, owner):
    record = builders.sent_invoice(builders.customer(owner.company))
    payment, refund = builders.payment(record, "100"), builders.refund(record, "25")
    quickbooks.drain()
    quickbooks.switch_payments()
    assert "Queued: 1 payment and 1 refund." in quickbooks.owner.get("/settings/integrations/quickbooks").text
    quickbooks.drain()
    quickbooks.in_order(payment, refund)


def test_without_an_account_to_pay_from_it_waits_for_one(quickbooks, bill):
    refund = builders.refund(bill, "25")
    quickbooks.connection.preferences.deposit_account_id = None
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.row(refund).problem == "no_deposit_account"
    checking = next(one["Id"] for one in quickbooks.books("Account") if one["Name"] == "Checking")
    quickbooks.connection.preferences.deposit_account_id = checking
    db.session.commit()
    quickbooks.switch_payments()
    quickbooks.drain()
    quickbooks.in_order(refund)
    assert quickbooks.books("RefundReceipt")[0]["DepositToAccountRef"]["name"] == "Checking"


def test_a_number_somebody_else_uses_is_said(quickbooks, bill):
    refund = builders.refund(bill, "25")
    quickbooks.row(refund).mark = "9f86d081884c7d65"
    db.session.commit()
    other = builders.invoice(bill.customer, number=f"REFUND-{refund.id}-9f86")
    quickbooks.drain()
    quickbooks.in_order(other)
    assert quickbooks.row(refund).problem == "duplicate_number"


def test_after_a_void_neither_money_nor_invoice_is_left(quickbooks, bill):
    refund = builders.refund(bill, "100")
    quickbooks.drain()
    assert bill.status is InvoiceStatus.REFUNDED
    void(bill)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(bill, refund, *bill.payments)
    assert quickbooks.books("RefundReceipt") == []
    assert quickbooks.books("Payment")[0]["TotalAmt"] == 0
    assert quickbooks.invoice("INV-7")["PrivateNote"].startswith("Voided")


@pytest.mark.parametrize("effect", ["cut_before", "cut_after"])
def test_a_lost_deletion_is_done_once(quickbooks, bill, clock, effect):
    refund = builders.refund(bill, "100")
    quickbooks.drain()
    void(bill)
    db.session.commit()
    quickbooks.script(effect, operation="refundreceipt.delete")
    quickbooks.script(effect, operation="batch")
    quickbooks.drain()
    for seconds in (5, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    quickbooks.in_order(refund, *bill.payments, bill)
    assert quickbooks.books("RefundReceipt") == []


def test_deleted_there_already_it_is_over_there(quickbooks, bill):
    refund = builders.refund(bill, "100")
    quickbooks.drain()
    quickbooks.do("refundreceipt", quickbooks.books("RefundReceipt")[0]["Id"], "delete")
    void(bill)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(refund, bill)


def test_a_forced_push_of_its_invoice_makes_no_second_one(quickbooks, bill):
    refund = builders.refund(bill, "25")
    quickbooks.drain()
    orders.push(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(refund)
    assert len(quickbooks.books("RefundReceipt")) == 1


def test_its_tax_is_given_back_where_it_was_taken(quickbooks_of, owner):
    quickbooks = quickbooks_of(owner, AUTOMATED_TAX)
    quickbooks.connect()
    quickbooks.switch_payments()
    bill = builders.sent_invoice(builders.customer(owner.company), number="INV-8", tax_rate=Decimal(8))
    builders.payment(bill, str(bill.total))
    builders.refund(bill, str(bill.total))
    quickbooks.drain()
    (there,) = quickbooks.books("RefundReceipt")
    assert there["ShipAddr"] == quickbooks.invoice("INV-8")["ShipAddr"]
    assert there["ShipAddr"]["City"] == "Portland"
