"""The books in QuickBooks are closed up to a day: invoices before it wait, with what to do about it."""

from datetime import date

import pytest

from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.overdue import mark_overdue
from app.quickbooks.models import TaskState
from tests.quickbooks import builders

PAGE = "/settings/integrations/quickbooks"


def close_books(quickbooks, day: str | None) -> None:
    quickbooks.simulator.company(quickbooks.realm, book_close_date=day)


def test_they_wait_and_go_once_the_date_has_moved(quickbooks, owner, clock):
    close_books(quickbooks, "2026-02-28")
    quickbooks.connection.facts_read_at = None
    person = builders.customer(owner.company)
    old = builders.invoice(person, issue_date=date(2026, 2, 20))
    new = builders.invoice(person)
    quickbooks.drain()
    task = builders.task_of(quickbooks.connection, old)
    assert (task.state, task.problem) == (TaskState.ERROR, "books_closed")
    assert "February 28, 2026" in task.message
    assert task.attempts_made == []
    assert builders.task_of(quickbooks.connection, new).state is TaskState.SYNCED
    close_books(quickbooks, "2026-01-31")
    owner.post(f"{PAGE}/queue/{task.id}/retry")
    quickbooks.drain()
    db.session.expire_all()
    assert builders.task_of(quickbooks.connection, old).state is TaskState.SYNCED


def test_one_retry_releases_all_that_wait_for_the_same_date(quickbooks, owner):
    close_books(quickbooks, "2026-02-28")
    quickbooks.connection.facts_read_at = None
    person = builders.customer(owner.company)
    waiting = [builders.invoice(person, issue_date=date(2026, 2, day)) for day in (3, 4, 5)]
    quickbooks.drain()
    close_books(quickbooks, None)
    owner.post(f"{PAGE}/queue/{builders.task_of(quickbooks.connection, waiting[0]).id}/retry")
    quickbooks.drain()
    db.session.expire_all()
    assert {builders.task_of(quickbooks.connection, bill).state for bill in waiting} == {TaskState.SYNCED}


def test_another_name_of_a_tax_rate_retries_nothing(quickbooks, owner):
    """QuickBooks has one more with each place that tax is counted for."""
    close_books(quickbooks, "2026-02-28")
    quickbooks.connection.facts_read_at = None
    person = builders.customer(owner.company)
    old = builders.invoice(person, issue_date=date(2026, 2, 20))
    quickbooks.drain()
    stopped_at = quickbooks.row(old).failed_at
    quickbooks.connection.facts = quickbooks.connection.facts | {"tax_rate_names": {"7": "Casco"}}
    quickbooks.connection.facts_read_at = None
    db.session.commit()
    builders.edit_customer(person, phone="207-555-0199")
    quickbooks.drain()
    assert quickbooks.connection.facts_read_at is not None
    row = quickbooks.row(old)
    assert (row.state, row.failed_at, row.wanted) == (TaskState.ERROR, stopped_at, 1)


@pytest.fixture
def closed_month(quickbooks, bill, clock):
    """The invoice went before the month was closed."""
    close_books(quickbooks, "2026-03-31")
    quickbooks.connection.facts_read_at = None
    db.session.commit()
    clock.advance(days=31)
    return bill


def test_one_that_is_there_stays_in_order_when_it_is_overdue(quickbooks, closed_month):
    mark_overdue()
    builders.edit_invoice(closed_month)  # saved again, with nothing changed
    assert db.session.get_one(Invoice, closed_month.id).status is InvoiceStatus.OVERDUE
    quickbooks.drain()
    quickbooks.in_order(closed_month)


def test_one_that_is_there_is_paid_in_the_next_month(quickbooks, closed_month):
    payment = builders.payment(closed_month, "100", received_on=date(2026, 4, 1))
    builders.edit_invoice(closed_month)
    quickbooks.drain()
    quickbooks.in_order(closed_month, payment)
    assert quickbooks.invoice("INV-7")["Balance"] == 0


def test_money_of_a_closed_month_waits(quickbooks, bill):
    payment, refund = builders.payment(bill, "100"), builders.refund(bill, "25")
    close_books(quickbooks, "2026-03-02")
    quickbooks.connection.facts_read_at = None
    db.session.commit()
    quickbooks.drain()
    assert {quickbooks.row(one).problem for one in (payment, refund)} == {"books_closed"}
    assert quickbooks.books("Payment") == quickbooks.books("RefundReceipt") == []


def test_one_that_is_there_and_is_changed_says_that_its_month_is_closed(quickbooks, closed_month):
    builders.edit_invoice(closed_month, notes="Gate code 12")
    quickbooks.drain()
    task = quickbooks.row(closed_month)
    assert (task.state, task.problem) == (TaskState.ERROR, "books_closed")
    assert quickbooks.invoice("INV-7").get("PrivateNote", "") == ""
