"""QuickBooks says no to a read: only "it does not exist" means gone; anything else is asked again later."""

import pytest

from app.extensions import db
from app.invoices.lifecycle import void
from app.invoices.payments import take_back
from app.quickbooks import orders
from app.quickbooks.lane import lookups
from app.quickbooks.models import RecordKind, TaskState
from app.quickbooks.outbox.policy import MAX_TRIES
from tests.quickbooks import builders

REFUSALS = [
    {"effect": "fault", "code": "10000"},
    {"effect": "fault", "code": "500", "status": 400},
    {"effect": "fault", "code": "5020"},
    {"effect": "html", "status": 500},
]


def taken_back_with_an_old_version(quickbooks, bill):
    """A payment of $40 that somebody has touched in QuickBooks, so that the next write names an old version."""
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    (there,) = quickbooks.books("Payment")
    quickbooks.do("payment", there["Id"], "edit", PaymentRefNum="seen")
    take_back(payment)
    db.session.commit()
    return payment


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_payment_whose_read_is_refused_is_not_taken_for_void(quickbooks, bill, refusal):
    payment = taken_back_with_an_old_version(quickbooks, bill)
    quickbooks.script(operation="payment.read", times=None, **refusal)
    quickbooks.drain()
    row = quickbooks.row(payment)
    assert row.state is TaskState.BACKOFF, row.state
    assert quickbooks.invoice("INV-7")["Balance"] == 60


@pytest.mark.parametrize("refusal", REFUSALS)
def test_it_is_asked_again_later_and_then_voided(quickbooks, bill, clock, refusal):
    payment = taken_back_with_an_old_version(quickbooks, bill)
    quickbooks.script(operation="payment.read", times=1, **refusal)
    quickbooks.drain()
    reads = [call for call in quickbooks.simulator.calls() if call["operation"] == "payment.read"]
    assert len(reads) <= 2  # no tight loop
    clock.advance(minutes=2)
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert quickbooks.books("Payment")[0]["TotalAmt"] == 0
    assert quickbooks.invoice("INV-7")["Balance"] == 100


def test_a_refund_whose_read_is_refused_is_not_taken_for_deleted(quickbooks, bill, clock):
    builders.payment(bill, "100")
    refund = builders.refund(bill, "100")
    quickbooks.drain()
    (there,) = quickbooks.books("RefundReceipt")
    quickbooks.do("refundreceipt", there["Id"], "edit", PrivateNote="seen")
    void(bill)
    db.session.commit()
    quickbooks.script("fault", code="10000", operation="refundreceipt.read", times=2)
    quickbooks.drain()
    assert quickbooks.row(refund).state is TaskState.BACKOFF
    assert len(quickbooks.books("RefundReceipt")) == 1
    clock.advance(minutes=2)
    quickbooks.drain()
    quickbooks.in_order(refund)
    assert quickbooks.books("RefundReceipt") == []


@pytest.mark.parametrize("refusal", REFUSALS)
def test_an_invoice_whose_read_is_refused_was_not_deleted(quickbooks, bill, clock, refusal):
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "edit", CustomerMemo={"value": "Thanks"})
    builders.edit_invoice(bill, notes="Gate code 4711")
    quickbooks.script(operation="invoice.read", times=2, **refusal)
    quickbooks.drain()
    row = quickbooks.row(bill)
    assert (row.state, "deleted" in row.message) == (TaskState.BACKOFF, False)
    for _ in range(2):
        clock.advance(minutes=3)
        quickbooks.drain()
    quickbooks.in_order(bill)
    assert len(quickbooks.books("Invoice")) == 1


def test_one_that_is_never_read_asks_for_a_person_in_the_end(quickbooks, bill, clock):
    payment = taken_back_with_an_old_version(quickbooks, bill)
    quickbooks.script("fault", code="5020", operation="payment.read", times=None)
    for _ in range(12):
        quickbooks.drain()
        clock.advance(hours=7)
    row = quickbooks.row(payment)
    assert (row.state, row.problem) == (TaskState.ERROR, "never_read")
    assert "so nothing was sent" in row.message
    assert quickbooks.invoice("INV-7")["Balance"] == 60


def test_a_linked_payment_that_is_never_read_stops_no_other_of_its_day(
    quickbooks, bill, owner, clock, monkeypatch
):
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "pay", amount=40)
    (theirs,) = quickbooks.books("Payment")
    quickbooks.do("payment", theirs["Id"], "edit", TxnDate="2026-03-02", PaymentRefNum="CHK-1")
    asked = builders.payment(bill, "40", reference="CHK-2")
    quickbooks.drain()
    quickbooks.do("payment", theirs["Id"], "edit", TxnDate="2026-02-20")
    owner.post(f"/settings/integrations/quickbooks/queue/{quickbooks.row(asked).id}/link")
    other = builders.payment(bill, "25", reference="CHK-9")
    monkeypatch.setattr(lookups.reading, "by_id", lambda *_: {})
    quickbooks.drain()
    quickbooks.in_order(other)
    assert quickbooks.row(asked).state is TaskState.BACKOFF
    for _ in range(MAX_TRIES):
        clock.advance(hours=7)
        quickbooks.drain()
    assert quickbooks.row(asked).problem == "never_read"
    assert len(quickbooks.books("Payment")) == 2


def test_what_is_really_deleted_is_found_to_be(quickbooks, bill):
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "delete")
    orders.push(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.row(bill).problem == "remote_deleted"


def test_an_inactive_customer_is_not_gone(quickbooks, bill):
    quickbooks.simulator.company(quickbooks.realm, refuse_inactivating_debtors=False)
    quickbooks.do("customer", quickbooks.books("Customer")[0]["Id"], "deactivate")
    builders.edit_customer(bill.customer, phone="(207) 555-0100")
    quickbooks.drain()
    quickbooks.in_order(bill.customer)
    (only,) = quickbooks.books("Customer")
    assert (only["Active"], only["PrimaryPhone"]["FreeFormNumber"]) == (True, "(207) 555-0100")
