"""The books in QuickBooks are closed up to a day: invoices before it wait, with what to do about it."""

from datetime import date

from app.extensions import db
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
