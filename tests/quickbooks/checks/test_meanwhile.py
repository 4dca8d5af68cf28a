"""What the lane sends while QuickBooks is read, and what a query leaves out, is not taken for somebody's change."""

import pytest

from app.extensions import db
from app.quickbooks.account.gateway import client_for
from app.quickbooks.checks import findings
from app.quickbooks.checks.audit import kinds_of
from app.quickbooks.checks.books import Books, whole
from app.quickbooks.models import TaskState
from tests.quickbooks import builders
from tests.quickbooks.checkpoint import built_once


@built_once
def bill(quickbooks, owner):
    record = builders.sent_invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-1")
    quickbooks.switch_payments()
    quickbooks.drain()
    return record


def read(quickbooks) -> Books:
    """Everything, as a tie-out and a check of everything read it."""
    connection = quickbooks.connection
    kinds = kinds_of(connection)
    db.session.commit()
    return whole(connection.id, client_for(connection.id), kinds)


def test_what_was_created_after_its_page_was_read(quickbooks, bill, clock):
    books = read(quickbooks)
    clock.advance(seconds=1)
    new = builders.customer(bill.company, "Elm Street Bakery")
    late, paid = builders.invoice(new, number="INV-2"), builders.payment(bill, "40")
    quickbooks.drain()
    findings.note(quickbooks.connection.id, books)
    quickbooks.in_order(new, late, paid, bill, bill.customer)


def test_what_was_changed_after_its_page_was_read(quickbooks, bill):
    books = read(quickbooks)
    builders.edit_invoice(bill, number="INV-1B")
    quickbooks.drain()
    findings.note(quickbooks.connection.id, books)
    quickbooks.in_order(bill)


def test_what_a_query_lags_behind(quickbooks, bill, clock):
    """It is asked for by its Id, and is there."""
    quickbooks.script("lag", seconds=30, operation="query", times=None)
    clock.advance(seconds=1)
    findings.note(quickbooks.connection.id, read(quickbooks))
    quickbooks.in_order(bill, bill.customer)


def test_what_was_deleted_is_gone_all_the_same(quickbooks, bill):
    paid = builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.do("payment", quickbooks.remote_id(paid), "delete")
    findings.note(quickbooks.connection.id, read(quickbooks))
    assert quickbooks.row(paid).state is TaskState.ERROR
    assert quickbooks.row(paid).problem == "payment_voided_there"


@pytest.mark.parametrize("state", [TaskState.QUEUED, TaskState.BACKOFF, TaskState.ERROR])
def test_a_payment_that_has_not_gone_makes_no_difference_of_its_invoice(quickbooks, bill, state):
    paid = builders.payment(bill, "40")
    builders.put_in(quickbooks.row(paid), state)
    builders.put_in(quickbooks.row(bill), TaskState.SYNCED)
    findings.note(quickbooks.connection.id, read(quickbooks))
    quickbooks.in_order(bill)
    assert quickbooks.row(paid).state is state


def test_a_balance_that_somebody_changed_is_found_once_the_payment_is_there(quickbooks, bill):
    builders.payment(bill, "40")
    quickbooks.drain()
    quickbooks.do("invoice", quickbooks.remote_id(bill), "pay", amount=10)
    findings.note(quickbooks.connection.id, read(quickbooks))
    assert "balance" in quickbooks.row(bill).message
