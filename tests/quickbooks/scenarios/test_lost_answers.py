"""An answer is lost: whatever QuickBooks did, the result is one record, and the row never lies meanwhile."""

import pytest

from app.extensions import db
from app.quickbooks.models import BatchState, PushBatch, SyncAttempt, TaskState
from tests.quickbooks import builders
from tests.quickbooks.conftest import SERVER_LIMIT


def states(quickbooks, records) -> set[TaskState]:
    db.session.expire_all()
    return {builders.task_of(quickbooks.connection, record).state for record in records}


def sent_batches(quickbooks) -> int:
    return len([call for call in quickbooks.simulator.calls() if call["operation"] == "batch"])


@pytest.mark.parametrize("effect", ["cut_after", "cut_middle"])
def test_done_but_unanswered_is_found_and_not_sent_again(quickbooks, bills, clock, effect):
    quickbooks.script(effect, operation="batch")
    quickbooks.drain()
    assert states(quickbooks, bills) == {TaskState.CHECKING}
    clock.advance(seconds=5)
    quickbooks.drain()
    assert states(quickbooks, bills) == {TaskState.SYNCED}
    assert len(quickbooks.books("Invoice")) == 6
    assert sent_batches(quickbooks) == 1


def test_never_done_waits_until_it_cannot_be_done_any_more(quickbooks, bills, clock):
    quickbooks.script("cut_before", operation="batch")
    quickbooks.drain()
    clock.advance(seconds=5)
    quickbooks.drain()
    assert states(quickbooks, bills) == {TaskState.CHECKING}
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    assert states(quickbooks, bills) == {TaskState.SYNCED}
    assert len(quickbooks.books("Invoice")) == 6


@pytest.mark.parametrize("effect", ["cut_after", "cut_before"])
def test_customers_are_sent_again_at_once_because_their_names_are_unique(quickbooks, owner, clock, effect):
    people = [builders.customer(owner.company) for _ in range(5)]
    quickbooks.script(effect, operation="batch")
    quickbooks.drain()
    clock.advance(seconds=5)
    quickbooks.drain()
    assert states(quickbooks, people) == {TaskState.SYNCED}
    assert len(quickbooks.books("Customer")) == 5


def done(quickbooks, body: dict) -> dict:
    """QuickBooks makes this customer, of which we asked it in the lost batch."""
    return quickbooks.simulator.control("POST", f"companies/{quickbooks.realm}/customer", body)


def test_a_customer_whose_batch_is_still_in_the_making_is_not_sent_anew(quickbooks, owner, clock):
    """A part is there; one of the rest has another name here by now, which would be free there."""
    people = [builders.customer(owner.company, f"Customer {number}") for number in range(5)]
    quickbooks.script("cut_before", operation="batch")
    quickbooks.drain()
    (batch,) = db.session.query(PushBatch).filter_by(state=BatchState.WRITTEN)
    bodies = [item.body for item in batch.items]
    made = [done(quickbooks, body) for body in bodies[:2]]
    builders.edit_customer(people[4], name="Renamed")
    clock.advance(seconds=5)
    quickbooks.drain()
    assert states(quickbooks, people[:2]) == {TaskState.SYNCED}
    assert states(quickbooks, people[2:]) == {TaskState.CHECKING}
    made += [done(quickbooks, body) for body in bodies[2:4]]  # and QuickBooks goes on
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    quickbooks.in_order(*people)
    names = sorted(one["DisplayName"] for one in quickbooks.books("Customer"))
    assert names == sorted(person.name for person in people)
    assert [quickbooks.remote_id(person) for person in people[:4]] == [one["Id"] for one in made]


def test_without_any_memory_of_request_ids_it_is_still_one_record(quickbooks, bills, clock):
    quickbooks.simulator.settings(requestid_memory_seconds=0)
    quickbooks.script("cut_after", operation="batch")
    quickbooks.drain()
    clock.advance(seconds=5)
    quickbooks.drain()
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    assert states(quickbooks, bills) == {TaskState.SYNCED}
    assert len(quickbooks.books("Invoice")) == 6


def test_a_batch_of_which_a_part_is_there_is_not_sent_again(quickbooks, bills, clock):
    quickbooks.simulator.settings(requestid_memory_seconds=0)
    quickbooks.script("cut_after", operation="batch")
    quickbooks.drain()
    gone = next(bill for bill in quickbooks.books("Invoice") if bill["DocNumber"] == bills[3].number)
    quickbooks.do("invoice", gone["Id"], "delete")
    clock.advance(seconds=5)
    quickbooks.drain()
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    assert states(quickbooks, bills) == {TaskState.SYNCED}
    assert len(quickbooks.books("Invoice")) == 6


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error_is_no_answer(quickbooks, bills, clock, status):
    quickbooks.script("html", operation="batch", status=status)
    quickbooks.drain()
    assert states(quickbooks, bills) == {TaskState.CHECKING}
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    assert states(quickbooks, bills) == {TaskState.SYNCED}
    assert len(quickbooks.books("Invoice")) == 6


def test_a_repetition_that_is_lost_too_may_also_still_be_in_the_making(quickbooks, bills, clock):
    quickbooks.script("cut_before", operation="batch", times=2)
    quickbooks.drain()
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    assert sent_batches(quickbooks) == 2
    clock.advance(seconds=SERVER_LIMIT / 2)
    quickbooks.drain()
    assert sent_batches(quickbooks) == 2
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    assert states(quickbooks, bills) == {TaskState.SYNCED}
    assert len(quickbooks.books("Invoice")) == 6


def test_what_was_written_long_ago_may_have_left_just_before_its_worker_died(quickbooks, bills, clock):
    quickbooks.script("cut_before", operation="batch")
    quickbooks.drain()
    (batch,) = db.session.query(PushBatch).filter_by(state=BatchState.WRITTEN)
    batch.check_at = None  # nobody lived to say that its answer was lost
    db.session.commit()
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    assert sent_batches(quickbooks) == 1
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    assert states(quickbooks, bills) == {TaskState.SYNCED}


def test_a_repetition_that_is_refused_ends_the_doubt(quickbooks, bills, clock):
    quickbooks.script("cut_before", operation="batch")
    quickbooks.drain()
    quickbooks.script("fault", code=600, operation="batch")
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    assert states(quickbooks, bills) == {TaskState.SYNCED}
    assert len(quickbooks.books("Invoice")) == 6


@pytest.mark.parametrize("operation", ["invoice.create", "invoice.update"])
def test_a_record_that_quickbooks_never_answers_about_is_not_tried_in_silence_for_ever(
    quickbooks, bills, owner, clock, operation
):
    quickbooks.drain()
    bill = bills[0] if operation.endswith("update") else builders.invoice(bills[0].customer)
    builders.edit_invoice(bill, notes="too much for QuickBooks")
    quickbooks.script("cut_before", operation=operation, times=None)
    for _ in range(60):
        quickbooks.drain()
        clock.advance(hours=3)
    row = builders.task_of(quickbooks.connection, bill)
    assert row.state is TaskState.ERROR
    assert row.message == f"Invoice {bill.number} was tried ten times and QuickBooks could not take it."


def test_a_killed_worker_leaves_a_trace_in_the_rows_history(quickbooks, bills, clock):
    quickbooks.script("cut_after", operation="batch")
    quickbooks.drain()
    (batch,) = db.session.query(PushBatch).filter_by(state=BatchState.WRITTEN)
    batch.check_at = None
    row = builders.put_in(builders.task_of(quickbooks.connection, bills[0]), TaskState.SENDING)
    row.attempts_made.clear()
    db.session.commit()
    quickbooks.drain()
    outcomes = [
        attempt.outcome for attempt in db.session.query(SyncAttempt).filter_by(task_id=row.id).order_by("id")
    ]
    assert outcomes == ["unknown", "found"]


def test_a_lost_update_is_read_again_and_sent_again(quickbooks, bills, clock):
    quickbooks.drain()
    builders.edit_invoice(bills[0], notes="Gate code 4711")
    quickbooks.script("cut_after", operation="invoice.update")
    quickbooks.drain()
    assert states(quickbooks, bills[:1]) == {TaskState.CHECKING}
    clock.advance(seconds=5)
    quickbooks.drain()
    assert states(quickbooks, bills[:1]) == {TaskState.SYNCED}
    there = next(bill for bill in quickbooks.books("Invoice") if bill["DocNumber"] == bills[0].number)
    assert there["PrivateNote"] == "Gate code 4711"


def test_a_record_deleted_after_its_lost_create_is_made_once_more(quickbooks, bills, clock):
    quickbooks.script("cut_after", operation="batch")
    quickbooks.drain()
    gone = next(bill for bill in quickbooks.books("Invoice") if bill["DocNumber"] == bills[0].number)
    quickbooks.do("invoice", gone["Id"], "delete")
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    numbers = sorted(bill["DocNumber"] for bill in quickbooks.books("Invoice"))
    assert numbers[-5:] == sorted(bill.number for bill in bills)


def test_an_edit_during_the_doubt_is_sent_after_it(quickbooks, bills, clock):
    quickbooks.script("cut_after", operation="batch")
    quickbooks.drain()
    builders.edit_invoice(bills[2], notes="changed meanwhile")
    assert states(quickbooks, bills) == {TaskState.CHECKING}
    clock.advance(seconds=5)
    quickbooks.drain()
    there = next(bill for bill in quickbooks.books("Invoice") if bill["DocNumber"] == bills[2].number)
    assert there["PrivateNote"] == "changed meanwhile"
    assert len(quickbooks.books("Invoice")) == 6


def test_every_attempt_is_remembered_the_lost_one_too(quickbooks, bills, clock):
    quickbooks.script("cut_after", operation="batch")
    quickbooks.drain()
    clock.advance(seconds=5)
    quickbooks.drain()
    task = builders.task_of(quickbooks.connection, bills[0])
    tries = db.session.query(SyncAttempt).filter_by(task_id=task.id).order_by(SyncAttempt.id)
    assert [attempt.outcome for attempt in tries] == ["unknown", "found"]


def test_a_look_up_that_nobody_answers_is_no_sync(quickbooks, bills, clock):
    quickbooks.script("cut_after", operation="batch")
    quickbooks.drain()
    before = quickbooks.connection.last_sync_at
    quickbooks.script("status", status=503, operation="read", times=None)
    clock.advance(seconds=30)
    quickbooks.drain()
    assert states(quickbooks, bills) == {TaskState.CHECKING}
    assert quickbooks.connection.last_sync_at == before
