"""What the QuickBooks page says beside the promised texts, after a disconnect, and in a second tab."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import Plan
from app.activity.models import Activity
from app.extensions import db, now
from app.invoices.lifecycle import void
from app.invoices.models import Invoice
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.models import ConnectionState, RecordKind, RemoteLink, TaskState
from app.quickbooks.orders.leaving_out import leave_out_never_sent, take_back_alike
from app.quickbooks.outbox import backlog
from app.quickbooks.outbox.invoice_counting import count_again
from app.quickbooks.pages.standing import STANDS_STILL
from tests.people import Actor
from tests.quickbooks import builders

PAGE = "/settings/integrations/quickbooks"


def disconnect(connection) -> None:
    connection.state, connection.disconnected_at = ConnectionState.DISCONNECTED, now()
    db.session.commit()


def test_no_all_clear_over_what_was_never_sent(owner: Actor, clock):
    bills = [builders.invoice(builders.customer(owner.company)) for _ in range(2)]
    clock.advance(hours=1)
    connection = builders.connected(owner.company)
    page = owner.get(PAGE).text
    assert "2 invoices, $200.00, were never sent to QuickBooks." in page
    assert "every item synced" not in page
    for way in ("Send all", "Choose", 'earlier#reason">Not these'):
        assert way in page
    owner.post(f"{PAGE}/earlier")
    assert [builders.task_of(connection, bill).state for bill in bills] == [TaskState.QUEUED] * 2
    assert "earlier invoice" not in owner.get(PAGE).text


def test_no_all_clear_over_what_was_generated_while_invoices_are_off(owner: Actor):
    connection = builders.connected(owner.company)
    connection.preferences.sync_invoices = False
    db.session.commit()
    bill = builders.invoice(builders.customer(owner.company))
    builders.put_in(builders.task_of(connection, bill.customer), TaskState.SYNCED)
    page = owner.get(PAGE).text
    assert "1 invoice, $100.00, was never sent to QuickBooks." in page
    assert "every item synced" not in page
    assert "Send it to QuickBooks" not in page
    assert 'earlier#reason">Not these' in page


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_void_invoice_is_worth_nothing_in_every_sum(owner: Actor, clock, is_kept):
    """As in the tie-out, and in QuickBooks."""
    bills = [builders.invoice(builders.customer(owner.company)) for _ in range(3)]
    void(bills[0])
    db.session.commit()
    clock.advance(hours=1)
    connection = builders.connected(owner.company)
    if is_kept:
        count_again()
    assert "3 invoices, $200.00, were never sent to QuickBooks." in owner.get(PAGE).text
    assert "3 invoices, $200.00" in owner.get(f"{PAGE}/earlier").text
    assert "$200.00" in owner.get("/invoices?view=not_in_quickbooks").text
    leave_out_never_sent(connection, backlog.never_sent(connection), "Olivia", "Sent by hand")
    db.session.commit()
    assert "3, $200.00 of invoices." in owner.get(PAGE).text


def test_a_page_of_before_invoices_were_switched_off_sends_none(owner: Actor, clock):
    early = builders.invoice(builders.customer(owner.company))
    clock.advance(hours=1)
    connection = builders.connected(owner.company)
    connection.preferences.sync_invoices = False
    db.session.commit()
    late = builders.invoice(early.customer)
    owner.post(f"{PAGE}/earlier")
    owner.post(f"{PAGE}/unsent")
    owner.post(f"{PAGE}/earlier/send", {"ids": [early.id, late.id]})
    assert "Invoice sync was switched off meanwhile" in owner.get(PAGE).text
    assert [builders.task_of(connection, bill) for bill in (early, late)] == [None, None]


def test_what_is_switched_off_is_named(owner: Actor):
    connection = builders.connected(owner.company)
    connection.preferences.sync_invoices = connection.preferences.sync_customers = False
    db.session.commit()
    assert "customers and invoices" in owner.get(PAGE).text


def test_a_disconnect_forgets_neither_company_nor_last_sync(owner: Actor):
    connection = builders.connected(owner.company, last_sync_at=now())
    disconnect(connection)
    page = owner.get(PAGE).text
    assert "Sandbox Company" in page
    assert "Never" not in page


@pytest.mark.parametrize("stop", ["disconnected", "reconnect needed", "paused"])
def test_nothing_goes_by_itself_while_nothing_is_sent(owner: Actor, stop: str):
    connection = builders.connected(owner.company)
    failed, queued = (builders.invoice(builders.customer(owner.company)) for _ in range(2))
    for record in (failed, failed.customer):
        task = builders.task_of(connection, record)
        builders.put_in(task, TaskState.BACKOFF, message="QuickBooks was away.", remedy="It goes by itself.")
    if stop == "paused":
        connection.held_at, connection.held_by = now(), "Olivia"
    else:
        connection.state = ConnectionState(stop.replace(" ", "_"))
        connection.disconnected_at = now() if stop == "disconnected" else None
    db.session.commit()
    for address in (f"/invoices/{failed.id}", f"/customers/{failed.customer_id}"):
        page = owner.get(address).text
        assert "QuickBooks was away." in page
        assert "It goes by itself." not in page
    waits = STANDS_STILL[stop]
    for address in (f"/invoices/{queued.id}", f"/customers/{queued.customer_id}", f"/invoices/{failed.id}"):
        assert waits in owner.get(address).text


def test_disconnected_rows_are_not_asked_for_again(owner: Actor):
    connection = builders.connected(owner.company)
    bill = builders.invoice(builders.customer(owner.company))
    assert 'name="pending"' in owner.get("/invoices").text
    disconnect(connection)
    page = owner.get("/invoices").text
    assert 'data-quickbooks="Sync queued"' in page
    assert 'name="pending"' not in page
    assert "every 3s" not in owner.get(f"/invoices/{bill.id}").text


def test_the_other_tab_becomes_what_is_true_now(owner: Actor):
    connection = builders.connected(owner.company)
    disconnect(connection)
    assert owner.htmx("GET", f"{PAGE}/queue").headers["HX-Redirect"] == PAGE
    assert owner.htmx("POST", f"{PAGE}/queue/sync").headers["HX-Redirect"] == PAGE
    assert owner.post(f"{PAGE}/preferences", {"sync_customers": "y"}).status_code == 303
    assert "disconnected meanwhile" in owner.get(PAGE).text


def test_what_was_paused_does_not_go_on_by_itself(owner: Actor):
    """After a new sign-in at Intuit, or back on Pro."""
    connection = builders.connected(owner.company)
    connection.held_at, connection.held_by = now(), "Olivia"
    connection.state = ConnectionState.RECONNECT_NEEDED
    db.session.commit()
    assert "Olivia paused the sending: start it after that." in owner.get(PAGE).text
    owner.company.plan = Plan.FREE
    db.session.commit()
    page = owner.get(PAGE).text
    assert "Back on Pro, the QuickBooks page says how they go on." in page
    assert "and go on when" not in page


def test_try_now_ends_a_pause_when_quickbooks_answers(quickbooks, owner: Actor):
    connection = quickbooks.connection
    connection.paused_until, connection.pause_code = now() + timedelta(hours=1), "subscription_lapsed"
    db.session.commit()
    assert "Try now" in owner.get(PAGE).text
    owner.post(f"{PAGE}/queue/try")
    db.session.refresh(connection)
    assert connection.paused_until is None


def test_with_the_reads_used_up_the_rest_goes_on(owner: Actor):
    connection = builders.connected(owner.company)
    task = builders.task_of(connection, builders.customer(owner.company))
    builders.put_in(task, TaskState.BACKOFF, due_at=now() + timedelta(minutes=5))
    connection.reads_blocked_until = now() + timedelta(days=5)
    db.session.commit()
    page = owner.get(PAGE).text
    assert "Some new records wait" in page
    assert "They are tried again by themselves." in page
    assert "Some new records wait" in owner.get(f"{PAGE}/tie-out").text


def test_nothing_is_all_in_order_over_what_is_off(owner: Actor):
    connection = builders.connected(owner.company)
    connection.preferences.sync_customers = False
    db.session.commit()
    page = owner.get(PAGE).text
    assert "every item that was queued is synced" in page
    assert "but for customers that another record needs" in page


def test_a_linked_record_was_not_sent(owner: Actor):
    connection = builders.connected(owner.company)
    bill = builders.invoice(builders.customer(owner.company))
    builders.link(connection, bill, TotalAmt=bill.total)
    builders.put_in(builders.task_of(connection, bill), TaskState.SYNCED)
    page = owner.get(f"/invoices/{bill.id}").text
    assert "In QuickBooks" in page
    assert not re.search(r"Sent\s+<time", page)


def test_money_that_was_left_out_is_nobodys_doing_there(owner: Actor):
    connection = builders.connected(owner.company)
    connection.preferences.sync_payments = True
    db.session.commit()
    bill = builders.sent_invoice(builders.customer(owner.company))
    builders.link(connection, bill, TotalAmt=bill.total, Balance=bill.total)
    paid = builders.payment(bill, "40")
    builders.put_in(builders.task_of(connection, paid), TaskState.SKIPPED)
    builders.put_in(builders.task_of(connection, bill), TaskState.SYNCED)
    page = owner.get(f"/invoices/{bill.id}").text
    assert "Some of its money was left out of the sync." in page
    assert "changed or removed in QuickBooks" not in page


def test_without_the_plan_a_connection_is_not_called_well(owner: Actor):
    builders.connected(owner.company)
    owner.company.plan = Plan.FREE
    db.session.commit()
    page = owner.get("/settings/integrations").text
    assert '<span class="badge tone-neutral">Paused · Pro</span>' in page
    assert "Connected" not in page


def test_who_is_no_owner_is_not_told_to_finalise(owner: Actor, dispatcher: Actor):
    draft = builders.invoice(builders.customer(owner.company), status="draft", announce=False)
    assert "seen it. Finalise it when it is ready." in owner.get(f"/invoices/{draft.id}").text
    assert "seen it. An Owner finalises it when it is ready." in dispatcher.get(f"/invoices/{draft.id}").text


def test_who_may_not_edit_the_customer_gets_no_link_to_it(owner: Actor, bookkeeper: Actor):
    connection = builders.connected(owner.company)
    connection.facts = CompanyFacts(uses_sales_tax=True, automated_sales_tax=True).as_json()
    person = builders.customer(owner.company)
    person.locations = []
    db.session.commit()
    draft = builders.invoice(person, status="draft", announce=False)
    edit = f'/customers/{person.id}/edit">add one to the customer'
    assert edit in owner.get(f"/invoices/{draft.id}").text
    page = bookkeeper.get(f"/invoices/{draft.id}").text
    assert edit not in page
    assert "an Owner edits the invoice and chooses it" in page


def test_one_is_told_as_one(owner: Actor):
    connection = builders.connected(owner.company)
    bill = builders.invoice(builders.customer(owner.company), announce=False)
    leave_out_never_sent(connection, select(Invoice).where(Invoice.id == bill.id), "Olivia", "paid in cash")
    take_back_alike(connection, "Left out by Olivia: paid in cash.", "Olivia")
    db.session.commit()
    told = " ".join(db.session.scalars(select(Activity.text)))
    assert "left 1 invoice that was never sent out of QuickBooks: paid in cash" in told
    assert "took 1 record back into the sync." in told


def test_a_disputed_invoice_that_is_in_quickbooks_is_shown_there(owner: Actor):
    connection = builders.connected(owner.company)
    bill = builders.sent_invoice(builders.customer(owner.company))
    builders.put_in(builders.task_of(connection, bill), TaskState.SYNCED)
    link = {"kind": RecordKind.INVOICE, "record_id": bill.id, "remote_id": "145", "sync_token": "0"}
    db.session.add(RemoteLink(connection_id=connection.id, **link))
    db.session.commit()
    owner.post(f"/invoices/{bill.id}/dispute", {"reason": "Too much"})
    page = owner.get(f"/invoices/{bill.id}").text
    assert "It is in QuickBooks; while it is disputed nothing more is sent." in page
    assert "A disputed invoice is not sent." not in page
    assert "Open in QuickBooks:" in page
    assert 'data-standing="' in page


def test_a_day_is_the_companys_whoever_reads_it(owner: Actor):
    """Noon UTC is the next day already where Olivia is; her times are hers, days are the company's."""
    owner.post("/profile", {"name": "Olivia", "time_zone": "Pacific/Kiritimati"})
    connection = builders.connected(owner.company, last_sync_at=now())
    connection.refresh_expires_at = now() + timedelta(days=5)
    connection.held_at, connection.held_by = now(), "Olivia"
    db.session.commit()
    page = owner.get(PAGE).text
    assert "Olivia paused it on Mar 2, 2026." in page
    assert "Paused by Olivia since Mar 2, 2026." in page
    assert "<dt>Authorization ends</dt><dd>Mar 7, 2026</dd>" in page
    assert "Mar 3, 2026, 2:00 AM" in page


def test_an_empty_list_claims_no_more_than_it_knows(owner: Actor):
    connection = builders.connected(owner.company)
    builders.invoice(builders.customer(owner.company), status="draft", announce=False)
    page = owner.get(f"{PAGE}/earlier").text
    assert "Every invoice is in QuickBooks" not in page
    assert "Every invoice that was finalised and is not disputed is in QuickBooks" in page
    assert "was taken back" not in owner.get(f"{PAGE}/left-out").text  # nothing ever was left out
    task = builders.task_of(connection, builders.customer(owner.company))
    builders.put_in(task, TaskState.ERROR, problem="unforeseen", message="It stopped.")
    owner.post(f"{PAGE}/queue/retry-cause", {"problem": "unforeseen"})
    assert "was sent, queued again, left out or stopped" in owner.get(f"{PAGE}/to-fix/unforeseen").text


def test_what_the_settings_say_is_what_happens(owner: Actor):
    connection = builders.connected(owner.company)
    connection.facts = CompanyFacts(custom_numbers=True).as_json()
    db.session.commit()
    page = owner.get(f"{PAGE}/tax-and-terms").text
    assert "is linked when customer, day and total are the same" in page  # adoption
    assert (
        "goes into its own account" not in owner.get(f"{PAGE}/payments").text
    )  # it may, where one is chosen


def test_the_history_promises_no_try_while_nothing_is_sent(owner: Actor):
    connection = builders.connected(owner.company)
    task = builders.task_of(connection, builders.customer(owner.company))
    builders.put_in(task, TaskState.BACKOFF, message="QuickBooks was away.", remedy="It goes by itself.")
    assert "It goes by itself." in owner.get(f"{PAGE}/queue/{task.id}").text
    connection.held_at, connection.held_by = now(), "Olivia"
    db.session.commit()
    page = owner.get(f"{PAGE}/queue/{task.id}").text
    assert "It goes by itself." not in page
    assert f"QuickBooks was away. {STANDS_STILL['paused']}" in page
