"""The month's reads are used up: what needs none goes on, the rest waits, says until when, and wakes nobody."""

import pytest

from app.extensions import db, now, redis
from app.health import checks
from app.mail.sweep import sweep as send_mail
from app.quickbooks.account import metering
from app.quickbooks.lane import reads_blocked
from app.quickbooks.models import TaskState
from app.quickbooks.notices.attention import tell_of_trouble
from app.quickbooks.outbox.sweep import sweep
from tests.mail.builders import work as deliver
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.checkpoint import built_once
from tests.quickbooks.scenarios.test_known import enter, told

PAGE = "/settings/integrations/quickbooks"


@built_once
def person(quickbooks, owner):
    """A customer whose first invoice is in QuickBooks."""
    record = builders.customer(owner.company, "Rivera HVAC")
    builders.invoice(record, number="FIRST")
    quickbooks.drain()
    return record


@pytest.fixture(params=["named", "plain"])
def used_up(quickbooks, app, monkeypatch, request):
    """From now on; the first read that is tried finds out, whatever its refusal says."""

    def use_up() -> None:
        quickbooks.simulator.settings(read_quota=1, quota_body=request.param)
        if request.param == "plain":  # then our own count tells
            monkeypatch.setitem(app.config, "QUICKBOOKS_READ_QUOTA", 1)

    return use_up


def test_an_ordinary_throttle_is_no_quota(quickbooks, person):
    quickbooks.script("throttle", operation="read", times=2)
    bill = builders.invoice(person, number="LATE")
    quickbooks.drain()
    assert quickbooks.connection.reads_blocked_until is None
    assert quickbooks.connection.pause_code == "throttled"
    assert quickbooks.row(bill).state is TaskState.QUEUED


def test_one_throttle_of_the_second_late_in_the_month_is_none_either(quickbooks, app, person, monkeypatch):
    monkeypatch.setitem(app.config, "QUICKBOOKS_READ_QUOTA", 1)
    quickbooks.script("throttle", operation="read", times=1)
    bill = builders.invoice(person, number="LATE")
    quickbooks.drain()
    assert any(call["struck"] for call in quickbooks.simulator.calls())
    assert quickbooks.connection.reads_blocked_until is None
    quickbooks.in_order(bill)


@pytest.fixture
def month_turns(quickbooks, clock):
    def turn() -> None:
        quickbooks.simulator.settings(read_quota=500_000)
        clock.advance(hours=7)
        quickbooks.drain()

    return turn


def test_edits_and_customers_go_on_and_invoices_wait(quickbooks, owner, person, used_up, month_turns):
    used_up()
    bill = builders.invoice(person, number="LATE")
    quickbooks.drain()
    builders.edit_customer(person, phone="(207) 555-0199")
    newcomer = builders.customer(owner.company, "Late Comer")
    quickbooks.drain()
    quickbooks.in_order(person, newcomer)
    assert quickbooks.row(bill).state is TaskState.QUEUED
    assert quickbooks.connection.paused_until is None
    assert quickbooks.connection.reads_blocked_until <= metering.month_ends()
    month_turns()
    quickbooks.in_order(bill)
    assert len(quickbooks.books("Invoice")) == 2


def test_refunds_wait_because_somebody_may_have_entered_them(quickbooks, person, used_up, month_turns):
    quickbooks.switch_payments()
    bill = builders.sent_invoice(person, number="PAID")
    builders.payment(bill, "100")
    quickbooks.drain()
    used_up()
    refund = builders.refund(bill, "30")
    quickbooks.drain()
    assert quickbooks.row(refund).state is TaskState.QUEUED
    assert quickbooks.books("RefundReceipt") == []
    month_turns()
    quickbooks.in_order(refund)


def test_an_edit_that_needs_no_read_is_not_put_off_with_the_rest(quickbooks, person, used_up):
    """It is saved at the moment at which a wave has found nothing more to send."""
    used_up()
    bill = builders.invoice(person, number="LATE")
    quickbooks.drain()
    builders.put_in(quickbooks.row(bill), TaskState.QUEUED, due_at=now())
    builders.edit_customer(person, phone="(207) 555-0199")
    reads_blocked.put_off_the_rest(quickbooks.connection.id)
    quickbooks.drain()
    quickbooks.in_order(person)
    assert quickbooks.row(bill).due_at == quickbooks.connection.reads_blocked_until


def test_a_customer_that_is_there_already_is_looked_up_later(quickbooks, owner, person, used_up, month_turns):
    create(quickbooks, "Customer", DisplayName="Ada Boyd")
    used_up()
    bill, ada = builders.invoice(person, number="LATE"), builders.customer(owner.company, "Ada Boyd")
    quickbooks.drain()
    assert quickbooks.row(ada).state is TaskState.QUEUED
    month_turns()
    quickbooks.in_order(bill, ada)
    assert [one["DisplayName"] for one in quickbooks.books("Customer")].count("Ada Boyd") == 1


@pytest.fixture
def refuses(quickbooks, person):
    """QuickBooks has refused a number in use, so it is known to."""
    quickbooks.connection.numbers_refused_at = now()
    db.session.commit()


def test_invoices_go_on_where_their_numbers_are_refused_by_quickbooks(
    quickbooks, person, refuses, used_up, month_turns
):
    taken = enter(quickbooks, "TAKEN")
    used_up()
    second = builders.invoice(person, number="TAKEN")
    bill = builders.invoice(person, number="FREE")
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert quickbooks.row(second).state is TaskState.QUEUED
    month_turns()
    assert quickbooks.row(second).problem == "doc_number_taken"
    assert [one["Id"] for one in quickbooks.books("Invoice") if one["DocNumber"] == "TAKEN"] == [taken["Id"]]


def test_a_refused_number_is_remembered_until_the_settings_change(quickbooks, person):
    """The number of another document is found by no look-up of invoices."""
    there = quickbooks.invoice("FIRST")
    sold = {"ItemRef": there["Line"][0]["SalesItemLineDetail"]["ItemRef"]}
    line = {"Amount": 55, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": sold}
    create(quickbooks, "CreditMemo", CustomerRef=there["CustomerRef"], DocNumber="TAKEN", Line=[line])
    builders.invoice(person, number="TAKEN")
    quickbooks.drain()
    assert quickbooks.connection.numbers_refused_at
    db.session.rollback()
    told(quickbooks, "Preferences")
    assert quickbooks.connection.numbers_refused_at is None


def test_what_waits_wakes_nobody_and_health_stays_well(quickbooks, person, used_up, clock):
    used_up()
    bill = builders.invoice(person, number="LATE")
    quickbooks.drain()
    builders.edit_invoice(bill, notes="Leave the key at the desk.")
    quickbooks.drain()
    clock.advance(minutes=20)
    assert sweep() == []
    assert checks.oldest_due_row().is_well
    clock.advance(hours=6)
    assert sweep() == [quickbooks.connection.id]


def test_the_record_says_that_it_waits_and_until_when(quickbooks, owner, person, used_up):
    used_up()
    bill = builders.invoice(person, number="LATE")
    quickbooks.drain()
    sentence = "waits until April 1: QuickBooks has to be asked about it first"
    assert "waits until April 1" in owner.get("/invoices").text
    assert sentence in owner.get(f"/invoices/{bill.id}").text
    assert sentence in owner.get(PAGE).text


def test_so_does_one_whose_answer_was_lost(quickbooks, owner, person, clock, used_up, month_turns):
    bill = builders.invoice(person, number="LOST")
    quickbooks.script("cut_after", operation="invoice.create")
    quickbooks.drain()
    used_up()
    clock.advance(seconds=5)
    quickbooks.drain()
    assert quickbooks.row(bill).state is TaskState.CHECKING
    assert "waits until April 1" in owner.get("/invoices").text
    assert "waits until April 1: QuickBooks has to be asked about it first" in owner.get(PAGE).text
    clock.advance(minutes=20)
    assert sweep() == []
    month_turns()
    quickbooks.in_order(bill)
    assert len(quickbooks.books("Invoice")) == 2


def test_the_page_and_a_letter_say_why_and_until_when(
    quickbooks, owner, person, app, mailbox, clock, used_up
):
    used_up()
    builders.invoice(person, number="LATE")
    quickbooks.drain()
    page = owner.get(PAGE).text
    assert "Some new records wait." in page
    assert "waits until April 1" in page
    clock.advance(minutes=20)
    redis().flushall()
    tell_of_trouble()
    send_mail()
    deliver(app)
    (letter,) = mailbox.letters
    assert letter.subject == "QuickBooks needs attention: this month's reads are used up"
    assert "Waiting at present: 1 invoice" in letter.text
    clock.advance(days=1)
    quickbooks.drain()  # asks again, and is refused again
    tell_of_trouble()
    send_mail()
    deliver(app)
    assert len(mailbox.letters) == 1
