"""Monday morning: what went, whether the month ties, and nothing to do. A real tie-out against QuickBooks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.extensions import db, now, redis
from app.quickbooks import orders
from app.quickbooks.models import ConnectionState, RecordKind, RemoteLink, TaskState
from app.quickbooks.notices.weekly import tell_of_the_week
from app.quickbooks.tie_out.life import TIE_OUTS
from tests.quickbooks import builders
from tests.quickbooks.checkpoint import built_once

LABEL = "QuickBooks weekly all-clear"


@pytest.fixture
def monday(mailbox, clock, work) -> Callable[..., list]:
    """The tests' noon UTC is a Monday's 7:00 in New York. The letters that this round of the schedule brought."""

    def look(**later: float) -> list:
        before = len(mailbox.letters)
        clock.advance(**later)
        for _ in range(2):  # the comparison is started, and told once it is done
            redis().flushall()
            tell_of_the_week()
            work()
        return list(mailbox.letters)[before:]

    return look


@built_once
def synced_invoice(quickbooks, owner):
    bill = builders.invoice(builders.customer(owner.company))
    quickbooks.drain()
    return bill


def test_all_clear(quickbooks, synced_invoice, monday):
    (letter,) = monday()
    assert letter.subject == "QuickBooks: all clear this week"
    for body in (letter.text, letter.html):
        assert "1 invoice ($100.00), 1 customer and 1 item went to QuickBooks." in body
        assert "March 2026 so far: 1 invoice, $100.00 here and in QuickBooks. It ties to the cent." in body
        assert "othing to do" in body
    assert letter.message["List-Unsubscribe-Post"]


def test_what_was_linked_and_never_written_did_not_go(quickbooks, synced_invoice, monday):
    for link in db.session.query(RemoteLink):
        link.memory = replace(link.memory, adopted=link.kind is not RecordKind.ITEM)
    db.session.commit()
    (letter,) = monday()
    assert "1 item went to QuickBooks." in letter.text
    assert "1 customer" not in letter.text


def test_once_a_week(quickbooks, synced_invoice, monday):
    assert len(monday()) == 1
    assert monday(hours=1) == []
    assert monday(days=1) == []
    (letter,) = monday(days=5, hours=23)
    assert "Nothing went to QuickBooks." in letter.text


def test_not_before_monday_morning(quickbooks, synced_invoice, monday):
    assert monday(days=6, hours=22) == []  # summer time began on Sunday
    assert len(monday(hours=1)) == 1


def test_books_that_differ_are_no_all_clear(quickbooks, synced_invoice, monday):
    remote = quickbooks.invoice(synced_invoice.number)
    quickbooks.do("Invoice", remote["Id"], "void")
    (letter,) = monday()
    assert letter.subject == "QuickBooks this week: 1 record stopped"
    assert "It does not tie" in letter.text
    assert "Nothing to do" not in letter.text


def test_what_failed_is_no_all_clear(quickbooks, owner, synced_invoice, monday):
    quickbooks.script("fault", operation="customer.create", code="2050", message="Too long", times=None)
    builders.customer(owner.company)
    quickbooks.drain()
    (letter,) = monday()
    assert letter.subject == "QuickBooks this week: 1 record stopped"
    assert "Not in QuickBooks as here: 1 customer." in letter.text


def test_what_waits_because_somebody_paused_is_no_all_clear(quickbooks, owner, synced_invoice, monday):
    orders.hold(quickbooks.connection, "Olivia")
    builders.customer(owner.company)
    (letter,) = monday()
    assert letter.subject == "QuickBooks this week: sending is paused"
    assert "Sending is paused by Olivia. Waiting: 1 customer." in letter.text
    assert "An Owner starts it on the QuickBooks page." in letter.text
    assert "othing to do" not in letter.text


def test_a_pause_that_keeps_nothing_back_is_an_all_clear(quickbooks, synced_invoice, monday):
    orders.hold(quickbooks.connection, "Olivia")
    db.session.commit()
    (letter,) = monday()
    assert letter.subject == "QuickBooks: all clear this week"


def test_a_reconnect_that_is_needed_is_said_without_a_comparison(quickbooks, synced_invoice, monday):
    quickbooks.connection.state = ConnectionState.RECONNECT_NEEDED
    quickbooks.connection.reconnect_needed_at = now()
    db.session.commit()
    (letter,) = monday()
    assert letter.subject == "QuickBooks this week: reconnect needed"
    assert "could not be compared this morning" in letter.text
    assert "An Owner signs in at Intuit again" in letter.text
    assert TIE_OUTS.newest(quickbooks.connection) is None


def test_a_comparison_that_fails_is_said(quickbooks, synced_invoice, monday):
    quickbooks.script("fault", operation="query", code="9999", message="No", times=None)
    (letter,) = monday()
    assert "could not be compared this morning" in letter.text


def test_switched_off_it_reads_nothing(quickbooks, owner, synced_invoice, monday):
    owner.post("/settings/notifications", {"before": [f"quickbooks_weekly:{owner.user_id}"]})
    assert monday() == []
    assert TIE_OUTS.newest(quickbooks.connection) is None


def test_an_invoice_that_was_never_sent_is_no_all_clear(quickbooks, owner, synced_invoice, monday):
    builders.invoice(synced_invoice.customer, announce=False)
    (letter,) = monday()
    assert letter.subject == "QuickBooks this week: 1 invoice was never sent"
    assert "It is not sent unless somebody says so: $100.00." in letter.text
    assert "othing to do" not in letter.text


def test_where_invoices_are_switched_off_none_is_missed(quickbooks, synced_invoice, monday):
    builders.invoice(synced_invoice.customer, announce=False)
    quickbooks.connection.preferences.sync_invoices = False
    db.session.commit()
    (letter,) = monday()
    assert "never sent" not in letter.subject + letter.text


def test_what_is_tried_again_is_no_all_clear(quickbooks, owner, synced_invoice, monday):
    task = builders.task_of(quickbooks.connection, builders.customer(owner.company))
    builders.put_in(task, TaskState.BACKOFF, due_at=now() + timedelta(hours=2))
    (letter,) = monday()
    assert letter.subject == "QuickBooks this week: 1 record is tried again"
    assert "Not in QuickBooks as here: 1 customer." in letter.text
