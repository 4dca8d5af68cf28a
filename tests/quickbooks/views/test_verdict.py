"""The sentence over the QuickBooks page: the worst comes first, with its money, and nothing is untrue."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import insert

from app.extensions import db, now
from app.quickbooks.models import ConnectionState, RecordKind, RemoteLink, SyncTask, TaskState
from tests.people import Actor
from tests.quickbooks import builders

PAGE = "/settings/integrations/quickbooks"


@pytest.fixture
def connection(owner: Actor):
    return builders.connected(owner.company)


def bill_in(connection, company, state: TaskState, **changes):
    bill = builders.invoice(builders.customer(company), lines=(("Labor", "1", "1500.00"),))
    for record in (bill, bill.customer):
        builders.put_in(builders.task_of(connection, record), TaskState.SYNCED)
    builders.put_in(builders.task_of(connection, bill), state, **changes)
    return bill


def sentence(actor: Actor) -> str:
    text = re.search(r'id="quickbooks-verdict".*?<h2[^>]*>(.*?)</h2>', actor.get(PAGE).text, re.DOTALL)[1]
    return unescape(text)


def spoken(actor: Actor) -> str:
    return re.search(r'id="quickbooks-verdict" data-announce="(.*?)"', actor.get(PAGE).text)[1]


def test_all_is_well(connection, owner: Actor):
    assert sentence(owner) == "Every item is in QuickBooks."


def test_what_is_missing_is_told_in_money_with_its_age(connection, owner: Actor, clock):
    for state in (TaskState.ERROR, TaskState.BACKOFF):
        bill_in(connection, owner.company, state, message="No.")
    assert sentence(owner) == "2 invoices, $3,000.00, are not in QuickBooks."
    clock.advance(hours=3 * 24 + 5)
    assert sentence(owner) == "2 invoices, $3,000.00, are not in QuickBooks; the oldest for 3 days."


def test_an_edit_does_not_make_it_younger(connection, owner: Actor, clock):
    bill = bill_in(connection, owner.company, TaskState.ERROR)
    clock.advance(hours=2 * 24)
    builders.edit_invoice(bill, notes="Once more")
    builders.put_in(builders.task_of(connection, bill), TaskState.ERROR)
    assert sentence(owner) == "1 invoice, $1,500.00, has been missing in QuickBooks for 2 days."


def test_an_earlier_invoice_could_not_be_there_before_the_connection(owner: Actor, clock):
    bill = builders.invoice(builders.customer(owner.company))
    clock.advance(hours=30 * 24)
    connection = builders.connected(owner.company)
    owner.post(f"{PAGE}/earlier")
    builders.put_in(builders.task_of(connection, bill), TaskState.ERROR)
    clock.advance(hours=2)
    assert sentence(owner) == "1 invoice, $100.00, has been missing in QuickBooks for 2 hours."


def test_on_the_way_is_spoken_once(connection, owner: Actor):
    builders.invoice(builders.customer(owner.company))
    assert sentence(owner) == "1 invoice, $100.00, is on the way to QuickBooks."
    assert spoken(owner) == "Sync in progress."
    builders.invoice(builders.customer(owner.company))
    assert spoken(owner) == "Sync in progress."


def test_nothing_is_on_the_way_while_it_is_paused(connection, owner: Actor):
    builders.invoice(builders.customer(owner.company))
    connection.held_at, connection.held_by = now(), "Olivia"
    db.session.commit()
    assert sentence(owner) == "1 invoice, $100.00, is not in QuickBooks."


def test_nothing_is_tried_by_itself_while_it_is_paused(connection, owner: Actor):
    person = builders.customer(owner.company)
    soon = now() + timedelta(minutes=5)
    builders.put_in(builders.task_of(connection, person), TaskState.BACKOFF, due_at=soon)
    assert sentence(owner) == "1 record is tried again by itself."
    assert "Next try: " in owner.get(PAGE).text
    connection.held_at, connection.held_by = now(), "Olivia"
    db.session.commit()
    page = owner.get(PAGE).text
    assert sentence(owner) == "1 record waits to be sent."
    assert "items are in backoff. They wait until sending goes on." in page
    for untrue in ("by itself", "by themselves", "Trying again", "Next try: "):
        assert untrue not in page, untrue


@pytest.fixture
def used_up(connection, owner: Actor):
    """The month's reads are; an invoice that QuickBooks has to be asked about is put off."""
    connection.reads_blocked_until = now() + timedelta(hours=6)
    return bill_in(connection, owner.company, TaskState.QUEUED, due_at=connection.reads_blocked_until)


def test_what_waits_for_reads_is_not_on_the_way(connection, owner: Actor, used_up):
    assert sentence(owner) == "1 invoice, $1,500.00, is not in QuickBooks; 1 record waits until April 1."
    assert spoken(owner) == sentence(owner)
    page = owner.get(PAGE).text
    for untrue in ("Sync in progress", "Queue empty", "on the way to QuickBooks"):
        assert untrue not in page
    assert "the rest goes on" in page
    assert "every 60s" in page  # nothing moves
    assert re.search(r"<button[^>]*disabled[^>]*>Sync All Pending", page)


def test_the_rest_goes_on_beside_what_waits_for_reads(connection, owner: Actor, used_up):
    builders.customer(owner.company)
    assert sentence(owner) == "1 invoice, $1,500.00, is not in QuickBooks; 1 record waits until April 1."
    assert "Sync in progress" in owner.get(PAGE).text
    told = owner.htmx("POST", f"{PAGE}/queue/sync").headers["HX-Trigger"]
    assert "Started: 1. Waiting until April 1: 1." in told


def test_a_customer_that_waits_for_reads_is_told_with_its_day(connection, owner: Actor):
    connection.reads_blocked_until = now() + timedelta(hours=6)
    task = builders.task_of(connection, builders.customer(owner.company))
    builders.put_in(task, TaskState.CHECKING)
    assert sentence(owner) == "1 record waits until April 1: this month's reads are used up."
    connection.held_at, connection.held_by = now(), "Olivia"
    db.session.commit()
    assert sentence(owner) == "1 record waits to be sent."


def test_what_is_there_but_out_of_date_needs_somebody(connection, owner: Actor):
    bill = bill_in(connection, owner.company, TaskState.ERROR)
    link = {"connection_id": connection.id, "kind": RecordKind.INVOICE, "record_id": bill.id}
    db.session.add(RemoteLink(**link, remote_id="7", sync_token="0"))
    db.session.commit()
    assert sentence(owner) == "1 record needs you."


def test_no_all_clear_over_what_was_never_sent(owner: Actor, clock):
    for _ in range(2):
        builders.invoice(builders.customer(owner.company))
    clock.advance(hours=1)
    builders.connected(owner.company)
    assert sentence(owner) == "2 invoices, $200.00, were never sent to QuickBooks."


def test_no_all_clear_over_what_is_switched_off(connection, owner: Actor):
    connection.preferences.sync_invoices = False
    db.session.commit()
    assert sentence(owner) == "Nothing new is sent of invoices: that is switched off."


def test_left_out_and_left_different_stand_beside_in_money(connection, owner: Actor):
    bill_in(connection, owner.company, TaskState.SKIPPED)
    other = bill_in(connection, owner.company, TaskState.SYNCED)
    noted = {"at": now().isoformat(), "by": "Bea", "fields": ["memo"]}
    link = {"connection_id": connection.id, "kind": RecordKind.INVOICE, "record_id": other.id}
    db.session.add(RemoteLink(**link, remote_id="7", sync_token="0", left_different=noted))
    db.session.commit()
    page = re.sub(r"<[^>]+>", "", owner.get(PAGE).text)
    assert sentence(owner) == "Every item is in QuickBooks, but for 1 that was left out."
    assert "1 left out on purpose, $1,500.00 of invoices." in page
    assert "1 left different in QuickBooks on purpose, $1,500.00 of invoices." in page


def test_what_others_miss_is_nothing_of_ours(connection, owner: Actor, stranger: Actor):
    theirs = builders.connected(stranger.company, realm="9130350000000002")
    bill_in(theirs, stranger.company, TaskState.ERROR)
    bill_in(theirs, stranger.company, TaskState.SKIPPED)
    assert sentence(owner) == "Every item is in QuickBooks."


@pytest.mark.parametrize(
    ("state", "is_off"),
    [
        (TaskState.QUEUED, False),
        (TaskState.BACKOFF, False),
        (TaskState.ERROR, True),
        (TaskState.SYNCED, True),
    ],
)
def test_sync_all_pending_is_off_only_when_there_is_nothing_it_could_do(
    connection, owner: Actor, state: TaskState, is_off: bool
):
    bill_in(connection, owner.company, state, due_at=now() + timedelta(minutes=5))
    button = re.search(r"<button[^>]*>Sync All Pending", owner.get(PAGE).text)[0]
    assert ("disabled" in button) is is_off


def test_sync_all_pending_says_in_numbers_what_it_did(connection, owner: Actor):
    for state in (TaskState.QUEUED, TaskState.BACKOFF, TaskState.ERROR):
        bill_in(connection, owner.company, state)
    told = owner.htmx("POST", f"{PAGE}/queue/sync").headers["HX-Trigger"]
    assert "Started: 1. Trying again at their own time: 1. Waiting for somebody: 1." in told


def test_the_one_button_is_what_helps_now(connection, owner: Actor, bookkeeper: Actor):
    connection.state = ConnectionState.RECONNECT_NEEDED
    db.session.commit()
    assert "Sign in at Intuit</a>" in owner.get(PAGE).text
    assert "Sign in at Intuit</a>" not in bookkeeper.get(PAGE).text


def test_thousands_are_easy_to_read(connection, owner: Actor):
    row = {"connection_id": connection.id, "kind": RecordKind.CUSTOMER, "due_at": now() + timedelta(hours=1)}
    rows = [row | {"record_id": 1_000_000 + place, "state": TaskState.BACKOFF} for place in range(1001)]
    db.session.execute(insert(SyncTask), [*rows, row | {"record_id": 9, "state": TaskState.QUEUED}])
    db.session.commit()
    page = owner.get(PAGE).text
    assert "<strong>1,001 items pending retry</strong>" in page
    assert "0 of 1,002 items are up to date" in page
