"""Invoices that were never sent: chosen one by one, or left out with a reason and taken back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.activity.models import Activity
from app.extensions import db
from app.invoices.lifecycle import void
from app.quickbooks.models import SyncAttempt, SyncTask, TaskState
from app.quickbooks.outbox import invoice_counts
from app.quickbooks.outbox.invoice_counts import Sum
from tests.people import Actor
from tests.quickbooks import builders

QUICKBOOKS = "/settings/integrations/quickbooks"
PAGE = f"{QUICKBOOKS}/earlier"


@pytest.fixture
def older(quickbooks, owner):
    """Three, from before the connection."""
    people = [builders.customer(owner.company, name) for name in ("Rivera HVAC", "Summit Plumbing")]
    bills = [
        builders.sent_invoice(people[place % 2], number=f"OLD-{place}", announce=False) for place in range(3)
    ]
    for bill in bills:
        bill.generated_at = quickbooks.connection.connected_at - timedelta(days=1)
    db.session.commit()
    quickbooks.drain()
    return bills


def test_they_are_counted_in_money_and_chosen_from(quickbooks, owner, older):
    assert f'href="{PAGE}"' in owner.get(QUICKBOOKS).text
    page = owner.get(PAGE).text
    assert "3 invoices, $300.00" in page
    found = owner.get(f"{PAGE}?q=summit").text
    assert "1 invoice, $100.00" in found
    assert "OLD-1" in found
    assert "OLD-0" not in found


def test_a_void_one_is_worth_nothing_in_the_list_too(quickbooks, owner, older):
    void(older[0])
    db.session.commit()
    page = owner.get(PAGE).text
    assert "3 invoices, $200.00" in page
    assert page.count('data-amount="100.00"') == page.count(">$100.00</td>") == 2
    assert ">Void</td>" in page


def test_those_that_are_ticked_go(quickbooks, owner, older):
    owner.post(f"{PAGE}/send", {"ids": [older[0].id, older[2].id]})
    quickbooks.drain()
    assert sorted(bill["DocNumber"] for bill in quickbooks.books("Invoice")) == ["OLD-0", "OLD-2"]
    assert invoice_counts.counts(quickbooks.connection).earlier == Sum(1, Decimal(100))


def test_without_a_tick_nothing_is_done_and_no_reason_is_lost(quickbooks, owner, older):
    owner.post(f"{PAGE}/send")
    assert "No invoice is ticked. Tick some, then press Send to QuickBooks." in owner.get(PAGE).text
    answer = owner.post(f"{PAGE}/leave-out", {"reason": "Paid in cash"})
    assert answer.status_code == 422
    assert "No invoice is ticked. Tick some, then press Not these." in answer.text
    assert 'value="Paid in cash"' in answer.text
    assert not db.session.query(Activity).filter(Activity.text.contains("never sent")).count()


def test_not_these(quickbooks, owner, older):
    """Left out with a reason, said on each, and taken back like any other."""
    answer = owner.post(f"{PAGE}/leave-out", {"ids": [older[0].id], "reason": "Paid before we connected"})
    assert answer.status_code == 303
    assert invoice_counts.counts(quickbooks.connection).earlier == Sum(2, Decimal(200))
    row = quickbooks.row(older[0])
    assert row.state is TaskState.SKIPPED
    assert "Paid before we connected" in row.message
    assert db.session.query(SyncAttempt.outcome).filter_by(task_id=row.id).all() == [("left out",)]
    builders.edit_invoice(older[0], notes="edited")
    quickbooks.drain()
    assert quickbooks.books("Invoice") == []
    assert "Paid before we connected" in owner.get(f"{QUICKBOOKS}/queue").text
    owner.post(f"{QUICKBOOKS}/queue/{row.id}/retry")
    quickbooks.drain()
    quickbooks.in_order(older[0])


def test_not_these_is_taken_back_for_all_of_one_reason(quickbooks, owner, stranger, older):
    """Each reason has its own button; one that stands alone has none but its own."""
    owner.post(f"{PAGE}/leave-out", {"ids": [older[0].id, older[1].id], "reason": "Paid in cash"})
    owner.post(f"{PAGE}/leave-out", {"ids": [older[2].id], "reason": "Another book"})
    page = owner.get(f"{QUICKBOOKS}/queue").text
    assert "2, $200.00 of invoices." in page
    assert page.count("Take back and send all 2") == 1
    message = quickbooks.row(older[0]).message
    elsewhere = builders.connected(stranger.company, realm="9130350000000002")
    theirs = builders.invoice(builders.customer(stranger.company))
    builders.put_in(builders.task_of(elsewhere, theirs), TaskState.SKIPPED, message=message)
    stranger.post(f"{QUICKBOOKS}/queue/take-back", {"message": message})
    assert builders.task_of(elsewhere, theirs).state is TaskState.QUEUED
    assert builders.task_of(elsewhere, older[0]) is None
    assert quickbooks.row(older[0]).state is TaskState.SKIPPED
    owner.post(f"{QUICKBOOKS}/queue/take-back", {"message": message})
    quickbooks.drain()
    quickbooks.in_order(older[0], older[1])
    assert quickbooks.row(older[2]).state is TaskState.SKIPPED
    told = db.session.query(SyncAttempt).filter_by(task_id=quickbooks.row(older[0]).id, outcome="taken back")
    assert told.count() == 1
    assert "Take back and send all" not in owner.get(f"{QUICKBOOKS}/queue").text


def test_who_may_not_keep_the_books_takes_nothing_back(quickbooks, owner, older, app):
    keeper = Actor.hired(app, "desk@harbor.example", "Harbor Heating", "dispatcher")
    assert keeper.post(f"{QUICKBOOKS}/queue/take-back", {"message": "x"}).status_code == 403


def test_none_of_those_that_match(quickbooks, owner, older):
    owner.post(f"{PAGE}/leave-out", {"all": "1", "q": "Rivera", "reason": "Another book"})
    states = dict(db.session.query(SyncTask.record_id, SyncTask.state).filter_by(kind="invoice"))
    assert states == {older[0].id: TaskState.SKIPPED, older[2].id: TaskState.SKIPPED}


def test_a_reason_that_is_missing_loses_no_tick(quickbooks, owner, older):
    answer = owner.post(f"{PAGE}/leave-out", {"ids": [older[1].id], "reason": " "})
    assert answer.status_code == 422
    assert "Write why it is left out." in answer.text
    assert answer.text.count("checked") == 1


def test_a_tick_that_is_no_id_is_passed_over(quickbooks, owner, older):
    """² is a digit to Python, and no number."""
    answer = owner.post(f"{PAGE}/leave-out", {"ids": ["²", "-1", "9" * 40, older[1].id], "reason": " "})
    assert answer.status_code == 422
    assert answer.text.count(" checked") == 1


def test_what_was_queued_meanwhile_stays_as_it_is(quickbooks, owner, older):
    owner.post(f"{PAGE}/send", {"ids": [older[0].id]})
    quickbooks.drain()
    owner.post(f"{PAGE}/leave-out", {"ids": [older[0].id], "reason": "Too late"})
    quickbooks.in_order(older[0])


def test_another_companys_are_none_of_ours(quickbooks, owner, stranger, older):
    theirs = builders.sent_invoice(builders.customer(stranger.company), announce=False)
    owner.post(f"{PAGE}/send", {"ids": [theirs.id]})
    owner.post(f"{PAGE}/leave-out", {"ids": [theirs.id], "reason": "Not ours"})
    assert db.session.query(SyncTask).filter_by(kind="invoice").count() == 0


def test_a_bookkeeper_chooses(quickbooks, owner, older, app):
    keeper = Actor.hired(app, "books@harbor.example", "Harbor Heating", "bookkeeper")
    assert keeper.post(f"{PAGE}/send", {"ids": [older[0].id]}).status_code == 303
