"""A record beside its record in QuickBooks, on the record's own page."""

from decimal import Decimal

import pytest

from app.extensions import db
from app.quickbooks.models import (
    Connection,
    ConnectionState,
    RecordKind,
    RemoteLink,
    SyncAttempt,
    SyncTask,
    TaskState,
)
from app.quickbooks.models.memory import Memory
from tests.quickbooks import builders


@pytest.fixture
def connection(owner) -> Connection:
    return builders.connected(owner.company)


def link(connection: Connection, kind: RecordKind, record_id: int, **seen) -> None:
    made = RemoteLink(
        connection_id=connection.id, kind=kind, record_id=record_id, remote_id="145", sync_token="0"
    )
    made.memory = Memory(sent={"DocNumber": "INV-1"}, seen=seen)
    db.session.add(made)
    db.session.commit()


def test_both_sides_and_the_difference(owner, connection):
    invoice = builders.sent_invoice(builders.customer(owner.company), announce=False)
    link(connection, RecordKind.INVOICE, invoice.id, TotalAmt=Decimal("100.00"), Balance=Decimal("60.00"))
    page = owner.get(f"/invoices/{invoice.id}").text
    assert "Sent Mar 2, 2026, 7:00 AM" in page
    assert page.count("the same") == 1
    assert "-$40.00" in page


def test_a_failure_with_its_tries(owner, connection):
    invoice = builders.invoice(builders.customer(owner.company), announce=False)
    task = SyncTask(
        connection_id=connection.id,
        kind=RecordKind.INVOICE,
        record_id=invoice.id,
        state=TaskState.ERROR,
        message="The item is inactive.",
        remedy="Make it active.",
    )
    attempt = {"operation": "create", "outcome": "refused", "request_id": "r-1", "detail": "Not today"}
    task.attempts_made = [SyncAttempt(version=1, intuit_tid="1-abc", **attempt)]
    db.session.add(task)
    db.session.commit()
    page = owner.get(f"/invoices/{invoice.id}").text
    for words in ("The item is inactive.", "Make it active.", "1 try", "reference: 1-abc"):
        assert words in page
    assert "Open in QuickBooks" not in page


def test_of_many_tries_it_shows_the_latest(owner, connection):
    invoice = builders.invoice(builders.customer(owner.company))
    task = builders.task_of(connection, invoice)
    for tries, words in ((10, "<summary>10 tries"), (1, "<summary>The latest 10 tries")):
        attempt = {"operation": "create", "outcome": "refused", "request_id": "r-1", "version": 1}
        db.session.add_all([SyncAttempt(task_id=task.id, **attempt) for _ in range(tries)])
        db.session.commit()
        assert words in owner.get(f"/invoices/{invoice.id}").text


def test_a_customers_page_says_it_small(owner, technician, connection):
    customer = builders.customer(owner.company)
    assert "This customer is on the way to QuickBooks." in owner.get(f"/customers/{customer.id}").text
    db.session.query(SyncTask).update({"state": TaskState.SYNCED})
    link(connection, RecordKind.CUSTOMER, customer.id)
    page = owner.get(f"/customers/{customer.id}").text
    assert "This customer is in QuickBooks." in page
    assert "customerdetail%3FnameId%3D145" in page
    assert "customer-quickbooks-title" not in technician.get(f"/customers/{customer.id}").text


def test_a_customer_is_not_on_the_way_while_access_is_lost(owner, connection):
    customer = builders.customer(owner.company)
    connection.state = ConnectionState.RECONNECT_NEEDED
    db.session.commit()
    page = owner.get(f"/customers/{customer.id}").text
    assert "It waits until QuickBooks is connected again." in page
    assert "on the way" not in page


def test_without_a_connection_there_is_nothing_to_say_of_a_customer(owner):
    customer = builders.customer(owner.company)
    assert "customer-quickbooks-title" not in owner.get(f"/customers/{customer.id}").text
