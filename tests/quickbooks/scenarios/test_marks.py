"""A payment or refund is known for ours by a random mark: ids repeat after a restore, and prove nothing."""

from dataclasses import replace

import pytest

from app.extensions import db
from app.invoices import disputes
from app.invoices.payments import take_back
from app.invoices.records import InvoiceData
from app.quickbooks import orders
from app.quickbooks.kinds.records import link_of
from app.quickbooks.models import BatchState, PushBatch, RecordKind, RemoteLink, TaskState
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.conftest import SERVER_LIMIT

DAY = "2026-03-02"


def receive(quickbooks, amount: int, note: str, number: str = "INV-7") -> dict:
    """A payment on the bill's day that somebody, or another database, has put into QuickBooks."""
    quickbooks.do("invoice", quickbooks.invoice(number)["Id"], "pay", amount=amount)
    made = max(quickbooks.books("Payment"), key=lambda one: int(one["Id"]))
    quickbooks.do("payment", made["Id"], "edit", TxnDate=DAY, PrivateNote=note)
    return next(one for one in quickbooks.books("Payment") if one["Id"] == made["Id"])


def payment_there(quickbooks, remote_id: str) -> dict:
    return next(one for one in quickbooks.books("Payment") if one["Id"] == remote_id)


@pytest.fixture
def neighbours(quickbooks, bill, owner) -> dict:
    """Another customer's payment of $75 on the same day, under the bare id that our next payment has."""
    other = builders.sent_invoice(builders.customer(owner.company, "Summit Roofing"), number="INV-8")
    quickbooks.drain()
    return receive(quickbooks, 75, "FSM Navigator payment 1", other.number)


def test_another_customers_payment_with_our_id_is_left_alone(quickbooks, bill, neighbours):
    payment = builders.payment(bill, "40")
    assert payment.id == 1
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert payment_there(quickbooks, neighbours["Id"]) == neighbours
    assert sorted(one["TotalAmt"] for one in quickbooks.books("Payment")) == [40, 75]


@pytest.mark.parametrize("effect", ["cut_before", "cut_after"])
def test_not_even_after_a_lost_answer(quickbooks, bill, neighbours, clock, effect):
    payment = builders.payment(bill, "40")
    quickbooks.script(effect, operation="payment.create")
    for seconds in (0, 5, SERVER_LIMIT, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    quickbooks.in_order(payment)
    assert payment_there(quickbooks, neighbours["Id"]) == neighbours
    assert sorted(one["TotalAmt"] for one in quickbooks.books("Payment")) == [40, 75]


def test_the_mark_is_kept_before_the_payment_leaves(quickbooks, bill):
    payment = builders.payment(bill, "40")
    quickbooks.script("cut_before", operation="payment.create")
    quickbooks.drain()
    mark = quickbooks.row(payment).mark
    (call,) = [one for one in quickbooks.simulator.calls() if one["operation"] == "payment.create"]
    assert len(mark) == 16
    assert f"FSM Navigator payment mark {mark}" in str(call["request"])


@pytest.fixture
def changed(quickbooks, bill, clock):
    """A payment that was lost, done, and corrected in QuickBooks before we looked."""
    payment = builders.payment(bill, "40")
    quickbooks.script("cut_after", operation="payment.create")
    quickbooks.drain()
    (there,) = quickbooks.books("Payment")
    line = [{**there["Line"][0], "Amount": 30}]
    quickbooks.do("payment", there["Id"], "edit", TotalAmt=30, Line=line)
    for seconds in (5, SERVER_LIMIT, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    return payment


def test_one_of_ours_that_was_changed_meanwhile_is_asked_about(quickbooks, changed, owner):
    row = quickbooks.row(changed)
    assert (row.state, row.problem) == (TaskState.ERROR, "money_contradicts")
    assert quickbooks.books("Payment")[0]["TotalAmt"] == 30
    assert "It is the same: link them" in owner.get("/settings/integrations/quickbooks").text
    owner.post(f"/settings/integrations/quickbooks/queue/{row.id}/link")
    quickbooks.drain()
    quickbooks.in_order(changed)
    assert [one["TotalAmt"] for one in quickbooks.books("Payment")] == [40]


def test_one_that_was_changed_is_linked_on_whatever_day_it_is_by_now(quickbooks, changed, owner):
    (there,) = quickbooks.books("Payment")
    quickbooks.do("payment", there["Id"], "edit", TxnDate="2026-03-09")
    owner.post(f"/settings/integrations/quickbooks/queue/{quickbooks.row(changed).id}/link")
    quickbooks.drain()
    assert [one["Id"] for one in quickbooks.books("Payment")] == [there["Id"]]


@pytest.mark.parametrize("note", ["Paid at the counter", "FSM Navigator payment mark 0123456789abcdef"])
def test_the_very_same_money_is_taken_for_ours_whoever_put_it_there(quickbooks, bill, note):
    """By hand; or by a database that was restored since, whose marks nobody here knows."""
    theirs = receive(quickbooks, 40, note)
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert [one["Id"] for one in quickbooks.books("Payment")] == [theirs["Id"]]


@pytest.mark.parametrize("change", [{"TxnDate": "2026-03-03"}, {"TotalAmt": 41}])
def test_other_money_is_not(quickbooks, bill, change):
    theirs = receive(quickbooks, 40, "Paid at the counter")
    quickbooks.do("payment", theirs["Id"], "edit", **change)
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert len(quickbooks.books("Payment")) == 2


def test_what_went_there_before_there_were_marks_keeps_its_note_and_its_number(quickbooks, bill):
    builders.payment(bill, "100")
    refund = builders.refund(bill, "25")
    quickbooks.drain()
    row = quickbooks.row(refund)
    row.mark = ""
    link = db.session.query(RemoteLink).filter_by(kind="refund").one()
    note = f"FSM Navigator refund {refund.id}, for INV-7: Came too late"
    before = {"PrivateNote": note, "DocNumber": f"REFUND-{refund.id}"}
    link.memory = replace(link.memory, sent={**link.memory.sent, **before})
    db.session.commit()
    there = quickbooks.books("RefundReceipt")
    quickbooks.owner.post(f"/settings/integrations/quickbooks/queue/{row.id}/retry")
    quickbooks.drain()
    quickbooks.in_order(refund)
    assert quickbooks.books("RefundReceipt") == there


def test_a_refund_with_an_id_that_repeats_has_a_number_of_its_own(quickbooks, bill):
    builders.payment(bill, "100")
    first = builders.refund(bill, "25")
    quickbooks.drain()
    kept = quickbooks.books("RefundReceipt")[0]["DocNumber"]
    db.session.query(RemoteLink).filter_by(kind="refund").delete()
    row = quickbooks.row(first)
    row.mark, row.sent, row.reached, row.state = "", 0, 0, TaskState.QUEUED
    first.amount = 30  # after the restore, another refund got the same id
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(first)
    numbers = {one["DocNumber"]: one["TotalAmt"] for one in quickbooks.books("RefundReceipt")}
    assert numbers[kept] == 25
    assert sorted(numbers.values()) == [25, 30]


def test_one_that_could_be_applied_in_part_says_so_however_it_is_found(quickbooks, bill, owner, clock):
    """Somebody else's payment left only a part to pay."""
    payment = builders.payment(bill, "40")
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "pay", amount=80)
    quickbooks.script("cut_after", operation="payment.create")
    quickbooks.drain()
    row = quickbooks.row(payment)
    for batch in db.session.query(PushBatch).filter_by(state=BatchState.WRITTEN):
        batch.state = BatchState.SETTLED  # recovery did not see it yet, and had it queued anew
    builders.put_in(row, TaskState.QUEUED, batch_id=None)
    for _ in range(2):
        quickbooks.drain()
        row = quickbooks.row(payment)
        assert (row.state, row.problem) == (TaskState.ERROR, "payment_unapplied")
        owner.post(f"/settings/integrations/quickbooks/queue/{row.id}/retry")
    assert len(quickbooks.books("Payment")) == 2


def test_the_day_that_a_bookkeeper_gave_it_counts_as_changed_there(quickbooks, bill, clock):
    payment = builders.payment(bill, "40")
    quickbooks.script("cut_after", operation="payment.create")
    quickbooks.drain()
    (there,) = quickbooks.books("Payment")
    quickbooks.do("payment", there["Id"], "edit", TxnDate="2026-03-09")
    for seconds in (5, SERVER_LIMIT, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    quickbooks.in_order(payment)
    link = link_of(quickbooks.connection.id, RecordKind.PAYMENT, payment.id)
    assert "TxnDate" in link.memory.before


def give_back(bill) -> None:
    disputes.dispute(bill, "Too much")
    disputes.reissue(bill, InvoiceData.of(bill), disputes.MoneyReceived.GIVE_BACK)


@pytest.mark.parametrize("end", [lambda bill: take_back(bill.payments[0]), give_back])
def test_over_before_it_went_it_is_nobody_elses_payment(quickbooks, bill, end):
    """Another customer's money of the same amount and day, which is applied to nothing."""
    orders.hold(quickbooks.connection, "Olivia")
    db.session.commit()
    payment = builders.payment(bill, "40")
    stranger = {"CustomerRef": {"value": create(quickbooks, "Customer", DisplayName="Summit Roofing")["Id"]}}
    theirs = create(quickbooks, "Payment", TotalAmt=40, TxnDate=DAY, **stranger)
    end(bill)
    orders.start(quickbooks.connection)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert quickbooks.books("Payment") == [theirs]


def test_over_before_it_was_linked_ours_is_known_by_its_mark(quickbooks, bill):
    payment = builders.payment(bill, "40")
    quickbooks.script("cut_after", operation="payment.create")
    quickbooks.drain()
    for batch in db.session.query(PushBatch).filter_by(state=BatchState.WRITTEN):
        batch.state = BatchState.SETTLED  # recovery did not see it yet, and had it queued anew
    builders.put_in(quickbooks.row(payment), TaskState.QUEUED, batch_id=None)
    take_back(payment)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert [one["TotalAmt"] for one in quickbooks.books("Payment")] == [0]
