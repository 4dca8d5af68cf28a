"""Money received here is applied to the same invoice in QuickBooks, once, and the balances agree."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.extensions import db, now
from app.invoices.disputes import MoneyReceived, dispute, reissue, withdraw
from app.invoices.models import PaymentMethod
from app.invoices.payments import take_back
from app.invoices.records import InvoiceData
from app.quickbooks import orders
from app.quickbooks.lane import reading
from app.quickbooks.mapping import updates
from app.quickbooks.models import RecordKind, TaskState
from tests.quickbooks import builders
from tests.quickbooks.conftest import SERVER_LIMIT
from tests.realms import AUTOMATED_TAX, UK, US


def test_a_part_of_it(quickbooks, bill):
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.in_order(bill, payment)
    (there,) = quickbooks.books("Payment")
    assert (there["TotalAmt"], there["UnappliedAmt"]) == (40, 0)
    assert there["Line"][0]["LinkedTxn"] == [
        {"TxnId": quickbooks.invoice("INV-7")["Id"], "TxnType": "Invoice"}
    ]
    assert there["PaymentRefNum"] == "1042"
    assert there["PaymentMethodRef"]["name"] == "Check"
    assert there["DepositToAccountRef"]["name"] == "Undeposited Funds"
    assert there["TxnDate"] == "2026-03-02"
    assert quickbooks.invoice("INV-7")["Balance"] == 60


def test_all_of_it_in_two_parts(quickbooks, bill):
    first, second = builders.payment(bill, "40"), builders.payment(bill, "60", method=PaymentMethod.CARD)
    quickbooks.drain()
    quickbooks.in_order(bill, first, second)
    assert quickbooks.invoice("INV-7")["Balance"] == 0
    assert len(quickbooks.books("Payment")) == 2


def test_it_waits_for_its_invoice(quickbooks, owner):
    quickbooks.switch_payments()
    record = builders.sent_invoice(builders.customer(owner.company), number="INV-8")
    payment = builders.payment(record, "100")
    quickbooks.drain()
    quickbooks.in_order(record, payment)
    assert quickbooks.invoice("INV-8")["Balance"] == 0


@pytest.mark.parametrize("company", [US, AUTOMATED_TAX, UK])
def test_the_last_cent_is_paid_whatever_the_tax(quickbooks_of, owner, company):
    quickbooks = quickbooks_of(owner, company)
    owner.company.currency = "GBP" if company == UK else "USD"
    db.session.commit()
    quickbooks.connect()
    quickbooks.drain()
    quickbooks.switch_payments()
    lines = (("Service call", "3", "33.33"), ("Filter", "7", "1.005"))
    rate = Decimal(20) if company == UK else Decimal(8)
    person = builders.customer(owner.company, state="CA")
    record = builders.sent_invoice(person, number="INV-9", lines=lines, tax_rate=rate)
    payments = [
        builders.payment(record, "0.01"),
        builders.payment(record, str(record.total - Decimal("0.01"))),
    ]
    quickbooks.drain()
    quickbooks.in_order(record, *payments)
    assert (quickbooks.invoice("INV-9")["TotalAmt"], quickbooks.invoice("INV-9")["Balance"]) == (
        record.total,
        0,
    )


def test_taken_back_it_is_void_there_and_the_invoice_open_again(quickbooks, bill):
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    take_back(payment)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(bill, payment)
    (there,) = quickbooks.books("Payment")
    assert (there["TotalAmt"], there["PrivateNote"][:6]) == (0, "Voided")
    assert quickbooks.invoice("INV-7")["Balance"] == 100


def test_taken_back_before_it_was_sent_it_never_goes(quickbooks, bill):
    payment = builders.payment(bill, "40")
    take_back(payment)
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.books("Payment") == []
    quickbooks.in_order(payment)


def test_several_are_voided_in_one_batch(quickbooks, bill):
    payments = [builders.payment(bill, "10") for _ in range(4)]
    quickbooks.drain()
    for payment in payments:
        take_back(payment)
    db.session.commit()
    before = len(quickbooks.simulator.calls())
    quickbooks.drain()
    quickbooks.in_order(*payments)
    sent = [call["operation"] for call in quickbooks.simulator.calls()[before:]]
    assert (sent.count("batch"), sent.count("payment.void")) == (1, 0)
    assert {there["TotalAmt"] for there in quickbooks.books("Payment")} == {0}
    assert quickbooks.invoice("INV-7")["Balance"] == 100


def reissued(bill, money: MoneyReceived, price: str = "120.00"):
    dispute(bill, "Wrong hours")
    data = InvoiceData.of(bill)
    data = replace(data, lines=[replace(data.lines[0], unit_price=Decimal(price))])
    corrected = reissue(bill, data, money)
    db.session.commit()
    return corrected


def test_a_reissue_moves_it_and_voids_the_old_invoice(quickbooks, bill):
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    corrected = reissued(bill, MoneyReceived.MOVE)
    quickbooks.drain()
    quickbooks.in_order(payment, corrected, bill)
    assert quickbooks.invoice("INV-7")["TotalAmt"] == 0
    assert quickbooks.invoice("INV-7")["PrivateNote"].startswith("Voided")
    assert quickbooks.invoice(corrected.number)["Balance"] == 80
    assert len(quickbooks.books("Payment")) == 1


def test_a_reissue_before_the_first_push_ends_the_same(quickbooks, bill):
    payment = builders.payment(bill, "40")
    corrected = reissued(bill, MoneyReceived.MOVE)
    quickbooks.drain()
    quickbooks.in_order(payment, corrected, bill)
    assert quickbooks.invoice(corrected.number)["Balance"] == 80


def older_invoice(quickbooks, person):
    """From before the connection: it goes by hand only."""
    record = builders.sent_invoice(person, announce=False)
    record.generated_at = quickbooks.connection.connected_at - timedelta(days=1)
    db.session.commit()
    return record


def test_switched_on_later_it_takes_along_what_was_received_for_invoices_that_are_there(quickbooks, owner):
    person = builders.customer(owner.company)
    there = builders.sent_invoice(person)
    elsewhere = older_invoice(quickbooks, person)
    payments = [builders.payment(there, "40"), builders.payment(there, "60")]
    left = builders.payment(elsewhere, "100")
    quickbooks.drain()
    assert quickbooks.books("Payment") == []
    quickbooks.switch_payments()
    page = quickbooks.owner.get("/settings/integrations/quickbooks").text
    assert "Queued: 2 payments." in page
    quickbooks.drain()
    quickbooks.in_order(*payments)
    assert quickbooks.invoice(there.number)["Balance"] == 0
    assert quickbooks.row(left) is None


def test_switched_off_nothing_more_is_sent(quickbooks, bill):
    quickbooks.switch_payments(on=False)
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    assert quickbooks.row(payment) is None
    quickbooks.switch_payments()
    quickbooks.drain()
    quickbooks.in_order(payment)


def test_what_was_received_before_an_invoice_went_goes_with_it(quickbooks, owner):
    quickbooks.switch_payments()
    old = older_invoice(quickbooks, builders.customer(owner.company))
    payment = builders.payment(old, "100")
    quickbooks.drain()
    assert quickbooks.row(payment) is None
    orders.push(quickbooks.connection, RecordKind.INVOICE, old.id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(old, payment)
    assert quickbooks.invoice(old.number)["Balance"] == 0


@pytest.mark.parametrize("need_lines", [True, False])
def test_an_edited_reference_leaves_it_applied(quickbooks, bill, need_lines):
    quickbooks.simulator.company(quickbooks.realm, payment_updates_need_lines=need_lines)
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    builders.edit_payment(payment, reference="2042")
    quickbooks.drain()
    quickbooks.in_order(bill, payment)
    (there,) = quickbooks.books("Payment")
    assert (there["PaymentRefNum"], there["UnappliedAmt"]) == ("2042", 0)
    assert quickbooks.invoice("INV-7")["Balance"] == 60


def test_an_edited_reference_leaves_it_where_the_bookkeeper_applied_it(quickbooks, bill):
    other = builders.sent_invoice(bill.customer, number="INV-8")
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    link = {"TxnId": quickbooks.invoice("INV-8")["Id"], "TxnType": "Invoice"}
    moved = {"Line": [{"Amount": 30, "LinkedTxn": [link]}]}
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], "edit", **moved)
    builders.edit_payment(payment, reference="2042")
    quickbooks.drain()
    quickbooks.in_order(bill, other, payment)
    (there,) = quickbooks.books("Payment")
    assert (there["PaymentRefNum"], there["UnappliedAmt"]) == ("2042", 10)
    assert quickbooks.invoice("INV-8")["Balance"] == 70


def test_one_that_the_bookkeeper_took_off_stays_so(quickbooks, bill):
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], "edit", Line=[])
    builders.edit_payment(payment, reference="2042")
    quickbooks.drain()
    (there,) = quickbooks.books("Payment")
    assert (there["PaymentRefNum"], there["UnappliedAmt"]) == ("2042", 40)


def test_an_update_that_said_no_lines_and_took_it_off_is_noticed(quickbooks, bill, monkeypatch):
    """As an older version sent it."""
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    with monkeypatch.context() as older:
        older.setattr(updates, "_along", lambda *_: {})
        builders.edit_payment(payment, reference="2042")
        quickbooks.drain()
    assert quickbooks.row(payment).problem == "payment_not_applied"
    orders.push(quickbooks.connection, RecordKind.PAYMENT, payment.id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert quickbooks.invoice("INV-7")["Balance"] == 60


@pytest.mark.parametrize("effect", ["cut_before", "cut_after", "cut_middle"])
def test_a_lost_answer_leaves_one_payment(quickbooks, bill, clock, effect):
    payment = builders.payment(bill, "40")
    quickbooks.script(effect, operation="payment.create")
    quickbooks.drain()
    assert quickbooks.row(payment).state is TaskState.CHECKING
    for seconds in (5, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    quickbooks.in_order(payment, bill)
    assert len(quickbooks.books("Payment")) == 1
    assert quickbooks.invoice("INV-7")["Balance"] == 60


def test_without_any_memory_of_request_ids_it_is_still_one_payment(quickbooks, bill, clock):
    quickbooks.simulator.settings(requestid_memory_seconds=0)
    payments = [builders.payment(bill, "10") for _ in range(4)]
    quickbooks.script("cut_after", operation="batch")
    quickbooks.drain()
    for seconds in (5, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    quickbooks.in_order(*payments)
    assert len(quickbooks.books("Payment")) == 4
    assert quickbooks.invoice("INV-7")["Balance"] == 60


@pytest.mark.parametrize("effect", ["cut_before", "cut_after"])
def test_a_lost_void_is_done_once(quickbooks, bill, clock, effect):
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    take_back(payment)
    db.session.commit()
    quickbooks.script(effect, operation="payment.void")
    quickbooks.drain()
    clock.advance(seconds=5)
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert quickbooks.invoice("INV-7")["Balance"] == 100


def test_a_payment_moves_the_invoices_version_and_the_next_edit_still_goes(quickbooks, bill):
    builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "pay", amount=10)
    builders.edit_invoice(bill, notes="Gate code 4711")
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert quickbooks.invoice("INV-7")["PrivateNote"] == "Gate code 4711"
    assert quickbooks.invoice("INV-7")["Balance"] == 50


def test_after_a_payment_the_next_push_is_not_even_stale(quickbooks, bill):
    builders.payment(bill, "40")
    quickbooks.drain()
    builders.edit_invoice(bill, notes="Gate code 4711")
    calls = len(quickbooks.simulator.calls())
    quickbooks.drain()
    assert [call["status"] for call in quickbooks.simulator.calls()[calls:]] == [
        200,
        200,
    ]  # read, then written


def test_an_edit_and_ten_payments_are_one_push_each(quickbooks, bill):
    payments = [builders.payment(bill, "5") for _ in range(10)]
    for number in range(10):
        builders.edit_invoice(bill, notes=f"Note {number}")
    quickbooks.drain()
    quickbooks.in_order(bill, *payments)
    assert len(quickbooks.books("Payment")) == 10
    assert quickbooks.invoice("INV-7")["PrivateNote"] == "Note 9"
    assert quickbooks.invoice("INV-7")["Balance"] == 50


def test_what_happened_while_disconnected_goes_after_the_reconnect(quickbooks, bill):
    first = builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.disconnect()
    take_back(first)
    second = builders.payment(bill, "70")
    db.session.commit()
    quickbooks.connect()
    quickbooks.drain()
    quickbooks.in_order(first, second)
    assert quickbooks.invoice("INV-7")["Balance"] == 30


def test_a_payment_the_bookkeeper_recorded_already_is_taken_for_ours(quickbooks, owner):
    record = builders.sent_invoice(builders.customer(owner.company), number="INV-7")
    payment = builders.payment(record, "40")
    quickbooks.drain()
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "pay", amount=40)
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], "edit", TxnDate="2026-03-02")
    quickbooks.switch_payments()
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert len(quickbooks.books("Payment")) == 1
    assert quickbooks.invoice("INV-7")["Balance"] == 60


def test_an_invoice_that_is_paid_there_says_so(quickbooks, bill):
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "pay")
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    task = quickbooks.row(payment)
    assert (task.state, task.problem) == (TaskState.ERROR, "cannot_link")
    assert task.message.startswith("QuickBooks cannot apply Payment of $40.00 for INV-7")


def test_what_is_left_over_is_said_and_mended_by_a_retry(quickbooks, bill):
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "pay", amount=80)
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    task = quickbooks.row(payment)
    assert (task.state, task.problem) == (TaskState.ERROR, "payment_unapplied")
    theirs = next(one for one in quickbooks.books("Payment") if one["TotalAmt"] == 80)
    quickbooks.do("payment", theirs["Id"], "void")
    orders.push(quickbooks.connection, RecordKind.PAYMENT, payment.id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert quickbooks.invoice("INV-7")["Balance"] == 60


def give_to_another(quickbooks, is_refused: bool) -> str:
    """INV-7 belongs to Casco Bay Cafe there, whose Id this is; QuickBooks may refuse that others pay for it."""
    quickbooks.simulator.company(quickbooks.realm, refuse_paying_for_others=is_refused)
    other = quickbooks.simulator.control(
        "POST", f"companies/{quickbooks.realm}/customer", {"DisplayName": "Casco Bay Cafe"}
    )
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "edit", CustomerRef={"value": other["Id"]})
    return other["Id"]


@pytest.mark.parametrize("is_refused", [True, False])
def test_an_invoice_given_to_another_customer_there_is_said_and_a_retry_follows(quickbooks, bill, is_refused):
    """Nobody is told to delete good money."""
    other = give_to_another(quickbooks, is_refused)
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    task = quickbooks.row(payment)
    assert (task.state, task.problem) == (TaskState.ERROR, "invoice_of_another")
    assert "belongs to Casco Bay Cafe in QuickBooks" in task.message
    assert "elete" not in task.remedy
    orders.push(quickbooks.connection, RecordKind.PAYMENT, payment.id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(payment)
    (there,) = quickbooks.books("Payment")
    assert (there["CustomerRef"]["value"], there["UnappliedAmt"]) == (other, 0)
    assert quickbooks.invoice("INV-7")["Balance"] == 60


@pytest.mark.parametrize("is_refused", [True, False])
def test_an_invoice_given_back_meanwhile_is_paid(quickbooks, bill, is_refused):
    mine = quickbooks.invoice("INV-7")
    give_to_another(quickbooks, is_refused)
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.do("invoice", mine["Id"], "edit", CustomerRef=mine["CustomerRef"])
    orders.push(quickbooks.connection, RecordKind.PAYMENT, payment.id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(payment)
    (there,) = quickbooks.books("Payment")
    assert (there["CustomerRef"]["value"], there["UnappliedAmt"]) == (mine["CustomerRef"]["value"], 0)


@pytest.fixture
def given_away(quickbooks, bill):
    """INV-7 belongs to another customer in QuickBooks, which takes the payment and applies none of it."""
    quickbooks.simulator.company(quickbooks.realm, refuse_paying_for_others=False)
    other = quickbooks.simulator.control(
        "POST", f"companies/{quickbooks.realm}/customer", {"DisplayName": "Casco Bay Cafe"}
    )
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "edit", CustomerRef={"value": other["Id"]})
    return builders.payment(bill, "40")


def test_while_nothing_may_be_read_one_that_was_not_applied_is_not_sent_on_and_on(quickbooks, given_away):
    quickbooks.connection.reads_blocked_until = now() + timedelta(hours=6)
    quickbooks.connection.known_kinds = ["payment"]  # it is known to be new
    quickbooks.connection.told_kinds = ["payment"]
    quickbooks.connection.known_fresh_until = now() + timedelta(days=1)
    db.session.commit()
    for _ in range(4):
        quickbooks.drain()
    writes = [call for call in quickbooks.simulator.calls() if call["operation"].startswith("payment.")]
    assert [call["operation"] for call in writes] == ["payment.create"]
    row = quickbooks.row(given_away)
    assert (row.problem, row.due_at) == ("payment_not_applied", quickbooks.connection.reads_blocked_until)


def test_taken_back_while_its_invoice_is_read_it_is_voided_there(quickbooks, given_away, monkeypatch):
    read = reading.one

    def and_somebody_takes_it_back(*args):
        if given_away.taken_back_at is None:
            take_back(given_away)
            db.session.commit()
        return read(*args)

    monkeypatch.setattr(reading, "one", and_somebody_takes_it_back)
    quickbooks.drain()
    quickbooks.in_order(given_away)
    assert [one["TotalAmt"] for one in quickbooks.books("Payment")] == [0]


def test_one_found_after_a_lost_answer_with_nothing_applied_says_why(quickbooks, bill, clock):
    quickbooks.simulator.company(quickbooks.realm, refuse_paying_for_others=False)
    other = quickbooks.simulator.control(
        "POST", f"companies/{quickbooks.realm}/customer", {"DisplayName": "Casco Bay Cafe"}
    )
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "edit", CustomerRef={"value": other["Id"]})
    payment = builders.payment(bill, "40")
    quickbooks.script("cut_after", operation="payment.create")
    quickbooks.drain()
    for seconds in (5, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    assert quickbooks.row(payment).problem == "invoice_of_another"
    assert len(quickbooks.books("Payment")) == 1


def test_a_deposited_payment_is_left_alone_by_a_forced_push_of_its_invoice(quickbooks, bill):
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], "deposit")
    orders.push(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(bill, payment)


def test_a_deposited_payment_cannot_be_taken_back_there(quickbooks, bill):
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], "deposit")
    take_back(payment)
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.row(payment).problem == "deposited"
    assert quickbooks.invoice("INV-7")["Balance"] == 60


def test_voided_there_it_is_asked_about_and_recorded_again_on_request(quickbooks, bill):
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], "void")
    corrected = reissued(bill, MoneyReceived.MOVE)
    quickbooks.drain()
    assert quickbooks.row(payment).problem == "payment_voided_there"
    orders.push(quickbooks.connection, RecordKind.PAYMENT, payment.id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(payment, corrected)
    assert quickbooks.invoice(corrected.number)["Balance"] == 80


@pytest.mark.parametrize("memory", [0, 86_400])
def test_voided_there_before_its_lost_answer_was_looked_up_it_is_asked_about(quickbooks, bill, clock, memory):
    """Somebody voided it on purpose; it is recorded again on request, and then whatever is lost once more."""
    quickbooks.simulator.settings(requestid_memory_seconds=memory)
    payment = builders.payment(bill, "40")
    quickbooks.script("cut_after", operation="payment.create")
    quickbooks.drain()
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], "void")
    look_up(quickbooks, clock)
    assert [one["TotalAmt"] for one in quickbooks.books("Payment")] == [0]
    assert quickbooks.row(payment).problem == "payment_voided_there"
    orders.push(quickbooks.connection, RecordKind.PAYMENT, payment.id, "Olivia")
    db.session.commit()
    quickbooks.script("cut_before", operation="payment.create")
    quickbooks.drain()
    look_up(quickbooks, clock)
    quickbooks.in_order(payment)
    assert sorted(one["TotalAmt"] for one in quickbooks.books("Payment")) == [0, 40]
    assert quickbooks.invoice("INV-7")["Balance"] == 60


def look_up(quickbooks, clock) -> None:
    """What was lost, until nothing of it is open."""
    for seconds in (5, SERVER_LIMIT, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()


def test_voided_there_and_entered_anew_by_hand_it_is_that_one(quickbooks, bill, clock):
    payment = builders.payment(bill, "40")
    quickbooks.script("cut_after", operation="payment.create")
    quickbooks.drain()
    voided = quickbooks.books("Payment")[0]["Id"]
    quickbooks.do("payment", voided, "void")
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "pay", amount=40)
    (theirs,) = [one["Id"] for one in quickbooks.books("Payment") if one["Id"] != voided]
    quickbooks.do("payment", theirs, "edit", TxnDate="2026-03-02")
    look_up(quickbooks, clock)
    quickbooks.in_order(payment)
    assert quickbooks.remote_id(payment) == theirs
    assert len(quickbooks.books("Payment")) == 2


def test_a_disputed_invoice_is_not_pushed_and_neither_is_its_money(quickbooks, owner):
    quickbooks.switch_payments()
    record = builders.sent_invoice(builders.customer(owner.company))
    payment = builders.payment(record, "40")
    dispute(record, "Wrong hours")
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.books("Invoice") == []
    assert quickbooks.row(payment).problem == "invoice_not_there"
    withdraw(record)
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(record, payment)
    assert quickbooks.invoice(record.number)["Balance"] == 60


def test_left_out_it_stays_out_when_its_invoice_is_pushed(quickbooks, bill):
    payment = builders.payment(bill, "40")
    orders.leave_out(quickbooks.connection, RecordKind.PAYMENT, payment.id, "Olivia", "Cash box")
    orders.push(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.row(payment).state is TaskState.SKIPPED
    assert quickbooks.books("Payment") == []


def test_closed_books_hold_it_back(quickbooks, bill):
    quickbooks.simulator.company(quickbooks.realm, book_close_date="2026-03-02")
    quickbooks.connection.facts_read_at = None
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    assert quickbooks.row(payment).problem == "books_closed"


def test_a_debtor_made_inactive_there_owes_nothing_any_more_and_it_is_said(quickbooks, bill):
    """QuickBooks has paid the invoice with a credit memo of its own."""
    quickbooks.do("customer", quickbooks.books("Customer")[0]["Id"], "deactivate")
    assert quickbooks.invoice("INV-7")["Balance"] == 0
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    row = quickbooks.row(payment)
    assert (row.state, row.problem) == (TaskState.ERROR, "cannot_link")
    assert "payments and credits of the invoice" in row.remedy
    assert [there["TotalAmt"] for there in quickbooks.books("Payment")] == [0]


def test_an_inactive_customer_is_made_active_again(quickbooks, bill):
    quickbooks.simulator.company(quickbooks.realm, balance_inactive_debtors=False)
    quickbooks.do("customer", quickbooks.books("Customer")[0]["Id"], "deactivate")
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.in_order(payment, bill)
    assert quickbooks.invoice("INV-7")["Balance"] == 60


def test_an_invoice_deleted_there_is_asked_about_before_its_payment_goes(quickbooks, bill):
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "delete")
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    assert quickbooks.row(bill).problem == "remote_deleted"
    assert quickbooks.row(payment).problem == "needed_record_failed"
    orders.push(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(bill, payment)
    assert quickbooks.invoice("INV-7")["Balance"] == 60


def test_a_connection_that_never_read_the_accounts_reads_them_first(quickbooks, bill):
    connection = quickbooks.connection
    newer = {"deposit_accounts", "has_payments", "classes_per"}  # than the version that read them
    connection.facts = {key: value for key, value in connection.facts.items() if key not in newer}
    connection.preferences.deposit_account_id = None
    db.session.commit()
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert quickbooks.books("Payment")[0]["DepositToAccountRef"]["name"] == "Undeposited Funds"
    assert quickbooks.connection.preferences.deposit_account_id


def test_what_applies_credits_by_itself_is_explained_in_the_preferences(quickbooks, bill):
    page = "/settings/integrations/quickbooks/preferences"
    assert "Automatically apply" not in quickbooks.owner.get(page).text
    preferences = {"SalesFormsPrefs": {"AutoApplyCredit": True}}
    quickbooks.simulator.company(quickbooks.realm, preferences=preferences)
    quickbooks.connection.facts_read_at = None
    builders.payment(bill, "40")
    quickbooks.drain()
    assert "“Automatically apply credits” is on" in quickbooks.owner.get(page).text


def test_the_queue_and_the_history_name_it(quickbooks, bill):
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "pay")
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    assert "Payment of $40.00 for INV-7" in quickbooks.owner.get("/settings/integrations/quickbooks").text
    history = f"/settings/integrations/quickbooks/queue/{quickbooks.row(payment).id}"
    assert "Payment of $40.00 for INV-7" in quickbooks.owner.get(history).text


def test_without_an_account_the_preferences_are_not_saved(quickbooks, bill):
    chosen = {"income_account_id": quickbooks.connection.preferences.income_account_id}
    form = {"sync_invoices": "y", "sync_payments": "y", "deposit_account_id": ""} | chosen
    answer = quickbooks.owner.post("/settings/integrations/quickbooks/preferences", form)
    assert answer.status_code == 422
    assert "Choose where payments go and refunds come from." in answer.text
