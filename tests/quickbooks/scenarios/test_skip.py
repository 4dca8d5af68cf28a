"""An Owner leaves a record out of QuickBooks, with a reason, and takes it back; what needs it says so."""

from collections.abc import Callable

import pytest

from app.extensions import db
from app.quickbooks import orders
from app.quickbooks.account.gateway import client_for
from app.quickbooks.api.client import Client
from app.quickbooks.lane import repairs
from app.quickbooks.models import RecordKind, SyncAttempt, TaskState
from tests.people import Actor
from tests.quickbooks import builders

PAGE = "/settings/integrations/quickbooks"
REASON = "paid in cash before we connected"


def row(quickbooks, record):
    db.session.expire_all()
    return builders.task_of(quickbooks.connection, record)


def leave_out(quickbooks, record, reason: str = REASON) -> None:
    task = row(quickbooks, record)
    orders.leave_out(quickbooks.connection, task.kind, task.record_id, "Olivia", reason)
    db.session.commit()


@pytest.fixture
def bill(quickbooks, owner: Actor):
    return builders.invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-7")


def test_it_is_not_sent_and_says_who_and_why(quickbooks, bill):
    leave_out(quickbooks, bill)
    quickbooks.drain()
    task = row(quickbooks, bill)
    assert (task.state, task.message) == (TaskState.SKIPPED, f"Left out by Olivia: {REASON}.")
    assert quickbooks.books("Invoice") == []


def test_an_edit_keeps_it_left_out_with_its_reason(quickbooks, bill):
    leave_out(quickbooks, bill)
    builders.edit_invoice(bill, notes="changed")
    quickbooks.drain()
    task = row(quickbooks, bill)
    assert (task.state, task.message) == (TaskState.SKIPPED, f"Left out by Olivia: {REASON}.")
    assert quickbooks.books("Invoice") == []


def test_the_rows_own_action_takes_it_back_and_sends_it(quickbooks, bill, owner: Actor):
    leave_out(quickbooks, bill)
    owner.post(f"/invoices/{bill.id}/quickbooks")
    quickbooks.drain()
    task = row(quickbooks, bill)
    assert (task.state, task.message) == (TaskState.SYNCED, "")
    assert len(quickbooks.books("Invoice")) == 1
    told = [
        attempt.outcome for attempt in db.session.query(SyncAttempt).filter_by(task_id=task.id).order_by("id")
    ]
    assert told == ["left out", "taken back", "accepted"]


def test_what_is_in_quickbooks_stays_and_is_changed_no_more(quickbooks, bill):
    quickbooks.drain()
    leave_out(quickbooks, bill)
    builders.edit_invoice(bill, notes="changed")
    quickbooks.drain()
    assert [there.get("PrivateNote") for there in quickbooks.books("Invoice")] == [None]


def test_an_invoice_names_the_customer_it_needs_and_follows_it(quickbooks, bill, owner: Actor):
    leave_out(quickbooks, bill.customer)
    quickbooks.drain()
    task = row(quickbooks, bill)
    assert (task.state, task.problem) == (TaskState.ERROR, "needed_record_left_out")
    assert (
        task.message
        == "Invoice INV-7 needs Customer Rivera HVAC, which was left out of QuickBooks on purpose."
    )
    owner.post(f"{PAGE}/queue/{row(quickbooks, bill.customer).id}/retry")
    quickbooks.drain()
    assert row(quickbooks, bill).state is TaskState.SYNCED


def test_an_invoice_that_waits_already_is_told(quickbooks, bill):
    quickbooks.script("fault", operation="customer.create", code="2050", message="Too long")
    quickbooks.drain()
    assert row(quickbooks, bill).problem == "needed_record_failed"
    assert "Customer Rivera HVAC" in row(quickbooks, bill).message
    leave_out(quickbooks, bill.customer)
    assert row(quickbooks, bill).problem == "needed_record_left_out"


def test_leaving_out_what_waits_frees_it_from_what_it_waits_for(quickbooks, bill):
    quickbooks.script("fault", operation="customer.create", code="2050", message="Too long")
    quickbooks.drain()
    leave_out(quickbooks, bill)
    builders.edit_customer(bill.customer, notes="shorter")
    quickbooks.drain()
    task = row(quickbooks, bill)
    assert (task.state, task.message) == (TaskState.SKIPPED, f"Left out by Olivia: {REASON}.")


class Meanwhile:
    """A client during whose reads something else happens."""

    def __init__(self, client: Client, happens: Callable[[], None]) -> None:
        self._client, self._happens = client, happens

    def read(self, entity: str, remote_id: str) -> dict:
        self._happens()
        return self._client.read(entity, remote_id)


@pytest.mark.parametrize("deleted", [False, True])
def test_leaving_it_out_counts_while_it_is_being_repaired(quickbooks, bill, deleted: bool):
    quickbooks.drain()
    if deleted:
        quickbooks.do("invoice", quickbooks.books("Invoice")[0]["Id"], "delete")
    builders.put_in(row(quickbooks, bill), TaskState.QUEUED, problem=repairs.STALE, fixes=1)
    connection_id = quickbooks.connection.id
    client = Meanwhile(client_for(connection_id), lambda: leave_out(quickbooks, bill))
    repairs.repair_due(connection_id, lambda: client, lambda: True)
    task = row(quickbooks, bill)
    assert (task.state, task.problem) == (TaskState.SKIPPED, "left_out")


@pytest.mark.parametrize("state", [TaskState.SENDING, TaskState.CHECKING])
def test_what_is_on_its_way_cannot_be_left_out(quickbooks, bill, state):
    builders.put_in(row(quickbooks, bill), state)
    with pytest.raises(ValueError, match="on its way"):
        leave_out(quickbooks, bill)


def test_one_that_was_never_queued_can_be_left_out(quickbooks, bill, owner: Actor):
    older = builders.invoice(bill.customer, announce=False)
    orders.leave_out(quickbooks.connection, RecordKind.INVOICE, older.id, "Olivia", REASON)
    db.session.commit()
    quickbooks.drain()
    assert row(quickbooks, older).state is TaskState.SKIPPED
    assert len(quickbooks.books("Invoice")) == 1
