"""Invoices that were never sent: chosen one by one, or left out with a reason and taken back."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest

from app.activity.models import Activity
from app.extensions import db
from app.invoices.lifecycle import void
from app.quickbooks.models import SyncAttempt, SyncTask, TaskState
from app.quickbooks.outbox import invoice_counts
from app.quickbooks.outbox.invoice_counts import Sum
from tests.people import Actor
from tests.quickbooks import builders
from tests.quickbooks.checkpoint import built_once

QUICKBOOKS = "/settings/integrations/quickbooks"
PAGE = f"{QUICKBOOKS}/earlier"


@built_once
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
    for action, button in (("send", "Send to QuickBooks"), ("leave-out", "Not these")):
        answer = owner.post(f"{PAGE}/{action}", {"reason": "Paid in cash"})
        assert answer.status_code == 422
        assert f"No invoice is ticked. Tick some, then press {button}." in answer.text
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


@pytest.fixture
def two_pages(owner, clock):
    """101, the latest number first, from before the connection."""
    person = builders.customer(owner.company)
    bills = [builders.sent_invoice(person, announce=False) for _ in range(101)]
    clock.advance(hours=1)
    builders.connected(owner.company)
    return bills[::-1]


def ticks(page: str) -> list[int]:
    """What the page's form would send."""
    boxes = re.findall(r'<input [^>]*name="ids" value="(\d+)"([^>]*)>', page)
    hidden = re.findall(r'<input type="hidden" name="ids" value="(\d+)"', page)
    return sorted(
        {int(value) for value, rest in boxes if "checked" in rest} | {int(value) for value in hidden}
    )


def ways(page: str) -> list[str]:
    """Where the page's buttons to its neighbours lead."""
    return re.findall(r'<button [^>]*formaction="([^"]*/earlier/page[^"]*)"', page)


def test_ticks_and_the_reason_stay_while_pages_are_turned(owner, two_pages):
    first, *_, last = [bill.id for bill in two_pages]
    (onward,) = ways(owner.get(PAGE).text)
    second = owner.post(unescape(onward), {"ids": [first], "reason": "Paid in cash"}).text
    assert two_pages[-1].number in second
    assert two_pages[0].number not in second
    assert ticks(second) == [first]
    assert "Ticked on other pages: 1, $100.00." in second
    assert 'value="Paid in cash"' in second
    (back,) = ways(second)
    again = owner.post(unescape(back), {"ids": [first, last], "reason": "Paid in cash"}).text
    assert ticks(again) == sorted([first, last])
    owner.post(f"{PAGE}/leave-out", {"ids": ticks(again), "reason": "Paid in cash"})
    skipped = db.session.query(SyncTask.record_id).filter_by(kind="invoice", state=TaskState.SKIPPED)
    assert sorted(record_id for (record_id,) in skipped) == sorted([first, last])


def test_an_answer_that_is_refused_stays_on_its_page(owner, two_pages):
    (onward,) = ways(owner.get(PAGE).text)
    second = owner.post(unescape(onward)).text
    (refused,) = set(re.findall(r'formaction="([^"]*/leave-out[^"]*)"', second))
    answer = owner.post(unescape(refused), {"ids": [two_pages[0].id], "reason": " "})
    assert answer.status_code == 422
    assert f"Select {two_pages[-1].number}" in answer.text
    assert ticks(answer.text) == [two_pages[0].id]
    assert len(ways(answer.text)) == 1


def test_every_tick_of_every_page_goes(owner, two_pages):
    owner.post(f"{PAGE}/send", {"ids": [bill.id for bill in two_pages]})
    assert db.session.query(SyncTask).filter_by(kind="invoice").count() == 101


def test_what_went_meanwhile_is_ticked_no_more(owner, two_pages):
    owner.post(f"{PAGE}/send", {"ids": [two_pages[-1].id]})
    page = owner.post(f"{PAGE}/page", {"ids": [two_pages[-1].id]}).text
    assert ticks(page) == []
    assert "on other pages" not in page


def test_ticks_and_the_reason_stay_while_something_is_searched_that_is_not_there(owner, two_pages):
    first = two_pages[0].id
    page = owner.post(f"{PAGE}/page", {"ids": [first], "q": "nobody", "reason": "Paid in cash"}).text
    assert "No invoice matches" in page
    assert "None of the 0" not in page
    assert ticks(page) == [first]
    assert 'value="Paid in cash"' in page


def test_another_companys_are_no_ticks(owner, stranger, two_pages):
    theirs = builders.sent_invoice(builders.customer(stranger.company), announce=False)
    assert ticks(owner.post(f"{PAGE}/page", {"ids": [theirs.id]}).text) == []
