"""What the Owner switches off stays here, also what was queued before, whoever asks for it; nothing is lost."""

import re
from dataclasses import replace

import pytest

from app.extensions import db
from app.invoices import disputes
from app.invoices.overdue import mark_overdue
from app.invoices.records import InvoiceData, update_invoice
from app.quickbooks import orders
from app.quickbooks.models import RecordKind, TaskState
from app.quickbooks.notices.alerts import ALERTS
from app.quickbooks.outbox.sweep import oldest_due, sweep
from app.quickbooks.pages.money_status import money_status
from app.quickbooks.pages.versions import queue_version
from app.quickbooks.rehearsal.models import Fate
from app.quickbooks.tie_out import report
from tests.quickbooks import builders
from tests.quickbooks.scenarios.test_rehearsal import rehearsed

PAGE = "/settings/integrations/quickbooks"


def choose(quickbooks, **switches: bool) -> None:
    """As the Owner does in Sync Preferences; what is not named is on."""
    chosen = quickbooks.connection.preferences
    form = {
        "income_account_id": chosen.income_account_id,
        "deposit_account_id": chosen.deposit_account_id or "",
    }
    form |= {
        f"sync_{name}": "y"
        for name in ("customers", "invoices", "payments")
        if switches.get(name, name != "payments")
    }
    assert quickbooks.owner.post(f"{PAGE}/preferences", form).status_code == 303
    db.session.expire_all()


def names(quickbooks, entity: str, field: str) -> list[str]:
    return sorted(record[field] for record in quickbooks.books(entity))


def words(owner) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", owner.get(PAGE).text).split())


def test_invoices_wait_until_they_are_switched_on(quickbooks, owner):
    bill = builders.invoice(builders.customer(owner.company), number="HH-1")
    choose(quickbooks, invoices=False)
    quickbooks.drain()
    assert quickbooks.books("Invoice") == []
    assert len(quickbooks.books("Customer")) == 1
    assert quickbooks.connection.id not in sweep()
    assert oldest_due() is None
    builders.edit_invoice(bill, notes="Ring twice")
    choose(quickbooks)
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert names(quickbooks, "Invoice", "DocNumber") == ["HH-1"]


def test_what_was_generated_meanwhile_is_offered_and_not_sent_by_itself(quickbooks, owner):
    """Domain promise 9: as while disconnected."""
    choose(quickbooks, invoices=False)
    bill = builders.invoice(builders.customer(owner.company), number="HH-1")
    choose(quickbooks)
    quickbooks.drain()
    assert quickbooks.row(bill) is None
    assert quickbooks.books("Invoice") == []
    assert "1 invoice, $100.00, was never sent to QuickBooks." in words(owner)
    assert f'action="{PAGE}/unsent"' in owner.get(PAGE).text
    owner.post(f"{PAGE}/unsent")
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert names(quickbooks, "Invoice", "DocNumber") == ["HH-1"]
    assert "never sent" not in words(owner)


def test_who_asks_by_hand_waits_too(quickbooks, owner):
    person = builders.customer(owner.company)
    failed, left_out = builders.invoice(person, number="HH-1"), builders.invoice(person, number="HH-2")
    builders.put_in(quickbooks.row(failed), TaskState.ERROR, problem="unforeseen")
    orders.leave_out(quickbooks.connection, RecordKind.INVOICE, left_out.id, "Olivia", "Typed by hand")
    db.session.commit()
    choose(quickbooks, invoices=False)
    for bill in (failed, left_out):
        owner.post(f"{PAGE}/queue/{quickbooks.row(bill).id}/retry")
    quickbooks.drain()
    assert quickbooks.books("Invoice") == []
    assert {quickbooks.row(bill).state for bill in (failed, left_out)} == {TaskState.QUEUED}
    choose(quickbooks)
    quickbooks.drain()
    assert names(quickbooks, "Invoice", "DocNumber") == ["HH-1", "HH-2"]


def test_only_customers_that_invoices_need(quickbooks, owner):
    """As after connecting: every customer is queued, and the Owner wants none but those with an invoice."""
    builders.customer(owner.company, "Casco Bay Brewing")
    billed = builders.customer(owner.company, "Rivera HVAC")
    bill = builders.invoice(billed)
    choose(quickbooks, customers=False)
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert names(quickbooks, "Customer", "DisplayName") == ["Rivera HVAC"]


@pytest.mark.parametrize("parts", [1, 100])
def test_a_rehearsal_tells_of_the_customers_that_go(quickbooks, owner, parts):
    """Also where their invoices are in another part of it."""
    builders.customer(owner.company, "Casco Bay Brewing")
    bill = builders.invoice(builders.customer(owner.company, "Rivera HVAC"))
    choose(quickbooks, customers=False)
    told = rehearsed(quickbooks, parts)
    assert told == {
        (RecordKind.CUSTOMER, bill.customer_id): (Fate.GOES, ""),
        (RecordKind.INVOICE, bill.id): (Fate.GOES, ""),
    }


def test_a_rehearsal_says_nothing_of_money_that_waits_with_its_invoice(quickbooks, owner):
    quickbooks.switch_payments()
    builders.payment(builders.sent_invoice(builders.customer(owner.company)), "40.00")
    choose(quickbooks, invoices=False, payments=True)
    assert {kind for kind, _ in rehearsed(quickbooks)} == {RecordKind.CUSTOMER}


def test_an_invoice_waits_for_no_payment_that_is_off(quickbooks, owner):
    """A void waits until a payment was taken off in QuickBooks; switched off, that never happens."""
    quickbooks.switch_payments()
    bill = builders.sent_invoice(builders.customer(owner.company))
    other = builders.sent_invoice(bill.customer)
    quickbooks.drain()
    money = builders.payment(other, "40.00")
    builders.put_in(quickbooks.row(bill), TaskState.QUEUED, waits_for_id=quickbooks.row(money).id)
    choose(quickbooks)
    quickbooks.drain()
    quickbooks.in_order(bill)


def test_customers_on_their_way_hide_nothing(quickbooks, owner):
    """Invoices that wait are not on the way because something else is."""
    builders.invoice(builders.customer(owner.company))
    choose(quickbooks, invoices=False)
    page = words(owner)
    assert "1 invoice, $100.00, is not in QuickBooks." in page
    assert "on the way" not in page


def test_a_customer_that_an_invoice_needs_says_nothing_of_the_switch(quickbooks, owner):
    bill = builders.invoice(builders.customer(owner.company))
    builders.put_in(quickbooks.row(bill), TaskState.QUEUED, waits_for_id=quickbooks.row(bill.customer).id)
    choose(quickbooks, customers=False)
    assert "sync of customers is off" not in owner.get(f"/customers/{bill.customer_id}").text
    alone = builders.customer(owner.company)
    choose(quickbooks, customers=True)
    builders.edit_customer(alone, notes="Gate 4711")
    choose(quickbooks, customers=False)
    assert "sync of customers is off" in owner.get(f"/customers/{alone.id}").text


def test_the_tie_out_explains_what_waits(quickbooks, owner, tie_out):
    builders.invoice(builders.customer(owner.company))
    choose(quickbooks, invoices=False)
    quickbooks.drain()
    assert report.together(report.months(tie_out())).is_explained


def test_no_customer_for_an_invoice_that_waits(quickbooks, owner):
    bill = builders.invoice(builders.customer(owner.company))
    builders.put_in(quickbooks.row(bill), TaskState.QUEUED, waits_for_id=quickbooks.row(bill.customer).id)
    choose(quickbooks, customers=False, invoices=False)
    quickbooks.drain()
    assert quickbooks.books("Customer") == []


def test_payments_wait_until_they_are_switched_on(quickbooks, owner):
    quickbooks.switch_payments()
    bill = builders.sent_invoice(builders.customer(owner.company))
    quickbooks.drain()
    paid = builders.payment(bill, "40.00")
    choose(quickbooks, payments=False)
    quickbooks.drain()
    assert quickbooks.books("Payment") == []
    choose(quickbooks, payments=True)
    quickbooks.drain()
    quickbooks.in_order(paid, bill)


@pytest.mark.parametrize("state", [TaskState.QUEUED, TaskState.BACKOFF])
def test_the_page_says_that_it_waits(quickbooks, owner, clock, state):
    bill = builders.invoice(builders.customer(owner.company))
    choose(quickbooks, invoices=False)
    quickbooks.drain()
    builders.put_in(quickbooks.row(bill), state)
    page = words(owner)
    assert "1 invoice, $100.00, is not in QuickBooks." in page
    assert "Switched off: invoices. What is new or changed of them is not sent." in page
    assert "1 in the queue waits until it is switched on" in page
    for untrue in ("on the way", "Sync in progress", "pending retry", "Next try", "every item synced"):
        assert untrue not in page, untrue
    assert "· sync is off" in owner.get("/invoices").text
    clock.advance(hours=13)
    assert [alert for alert in ALERTS if alert.describe(quickbooks.connection)] == []
    assert [alert for alert in ALERTS if list(db.session.execute(alert.news()))] == []
    assert rehearsed(quickbooks) == {}


def test_a_payment_of_an_invoice_that_waits_is_not_on_its_way(quickbooks, owner):
    quickbooks.switch_payments()
    bill = builders.sent_invoice(builders.customer(owner.company))
    paid = builders.payment(bill, "40.00")
    choose(quickbooks, invoices=False, payments=True)
    quickbooks.drain()
    assert quickbooks.row(paid).waits_for_id == quickbooks.row(bill).id
    assert money_status(bill).standstill == "sync is off"
    page = words(owner)
    assert "2 in the queue wait until they are switched on" in page
    assert "Sync in progress" not in page


def test_an_old_change_that_waits_is_said(quickbooks, owner):
    bill = builders.invoice(builders.customer(owner.company))
    quickbooks.drain()
    builders.edit_invoice(bill, notes="Ring twice")
    choose(quickbooks, invoices=False)
    page = words(owner)
    assert "Nothing is sent of what is switched off in Sync Preferences." in page
    assert "Every item is in QuickBooks" not in page


def test_a_page_that_is_open_hears_of_it(quickbooks, owner):
    before = queue_version(owner.company_id)
    assert queue_version(owner.company_id) == before
    choose(quickbooks, invoices=False)
    assert queue_version(owner.company_id) != before


def test_what_was_never_announced_and_is_only_late_is_not_queued(quickbooks, owner, clock):
    """Imported, or from before announcements were kept."""
    bill = builders.sent_invoice(builders.customer(owner.company))
    quickbooks.drain()
    bill.announced_at = None
    db.session.commit()
    before = quickbooks.row(bill).wanted
    clock.advance(days=31)
    assert mark_overdue() == 1
    choose(quickbooks)
    assert quickbooks.row(bill).wanted == before


def test_saving_the_preferences_queues_nothing_that_is_only_late_or_paid(quickbooks, owner, clock):
    bill = builders.sent_invoice(builders.customer(owner.company))
    quickbooks.drain()
    clock.advance(days=31)
    mark_overdue()
    builders.payment(bill, "40.00")
    before = quickbooks.row(bill).wanted
    choose(quickbooks)
    assert quickbooks.row(bill).wanted == before
    data = InvoiceData.of(bill)
    choose(quickbooks, invoices=False)
    update_invoice(bill, replace(data, notes="Ring twice"))
    db.session.commit()
    choose(quickbooks)
    assert quickbooks.row(bill).wanted == before + 1


def test_a_payment_is_repaired_without_its_invoice(quickbooks, owner):
    """The customer was made inactive there: it is made active again, whatever is off."""
    bill = builders.sent_invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-7")
    quickbooks.drain()
    choose(quickbooks, customers=False, invoices=False, payments=True)
    quickbooks.simulator.company(quickbooks.realm, balance_inactive_debtors=False)
    quickbooks.do("customer", quickbooks.books("Customer")[0]["Id"], "deactivate")
    payment = builders.payment(bill, "40")
    for _ in range(2):
        quickbooks.drain()
    quickbooks.in_order(payment)


def test_what_was_disputed_when_its_turn_came_goes_once_it_is_switched_on(quickbooks, owner):
    bill = builders.sent_invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-7")
    disputes.dispute(bill, "Too dear")
    db.session.commit()
    quickbooks.drain()
    choose(quickbooks, invoices=False)
    disputes.withdraw(bill)
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.books("Invoice") == []
    assert "Not sent" in owner.get(f"/invoices/{bill.id}").text
    choose(quickbooks)
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert quickbooks.invoice("INV-7")


def test_a_void_that_sleeps_behind_a_payment_that_is_off_is_woken(quickbooks, owner):
    """The lane wrote what it waits for while payments were being switched off."""
    bill = builders.sent_invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-7")
    quickbooks.drain()
    choose(quickbooks, payments=True)
    payment = builders.payment(bill, "40")
    choose(quickbooks)
    builders.put_in(quickbooks.row(bill), TaskState.QUEUED, waits_for_id=quickbooks.row(payment).id)
    sweep()
    quickbooks.drain()
    quickbooks.in_order(bill)
