"""A worker loses its lane or its time in the middle of a push: nothing leaves twice, and nobody else waits."""

import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from app.customers.records import CustomerData, create_customers
from app.extensions import db, now, queue
from app.job_threads import rq_worker
from app.quickbooks.lane import draining, landing
from app.quickbooks.lane.lease import SECONDS, Lease
from app.quickbooks.models import (
    AttemptOutcome,
    BatchState,
    Connection,
    PushBatch,
    RemoteLink,
    SyncTask,
    TaskState,
)
from app.quickbooks.outbox.nudge import JOB
from devtools.waiting import wait_until
from tests.quickbooks import builders
from tests.quickbooks.conftest import SERVER_LIMIT


@pytest.fixture
def people(quickbooks, owner):
    created = create_customers(owner.company, [CustomerData(name=f"Customer {n:02}") for n in range(40)])
    db.session.commit()
    return created


@pytest.fixture
def signals():
    """RQ takes these for itself."""
    taken = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in taken.items():
        signal.signal(number, handler)


def sent(quickbooks, operation: str) -> int:
    return len([call for call in quickbooks.simulator.calls() if call["operation"] == operation])


def running(quickbooks) -> int:
    """How many calls QuickBooks is working on."""
    return quickbooks.simulator.control("GET", "calls/running")["running"]


def lease_end(connection_id: int) -> datetime | None:
    db.session.rollback()
    return db.session.get_one(Connection, connection_id).lease_until


def test_it_is_kept_while_quickbooks_is_slow(owner, clock):
    connection_id = builders.connected(owner.company).id
    lease = Lease(connection_id)
    lease.take()
    with lease.kept():
        clock.advance(seconds=SECONDS - 1)
        wait_until(lambda: (lease_end(connection_id) - now()).seconds == SECONDS, "it is renewed")
    lease.check()


def test_nothing_leaves_once_another_worker_may_have_it(app, quickbooks, people, clock):
    connection_id = quickbooks.connection.id
    quickbooks.script("latency", operation="query", seconds=2.0)
    db.session.commit()

    def work() -> draining.Drained:
        with app.app_context():
            return draining.drain(connection_id, go_on=lambda: True)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(work)
        wait_until(lambda: running(quickbooks) or first.done(), "names are being looked up")
        clock.advance(seconds=SECONDS + 1)
        other = Lease(connection_id)
        assert other.take()
        assert first.result() is draining.Drained.STOPPED
    assert sent(quickbooks, "batch") == 0
    assert db.session.query(PushBatch).filter_by(state=BatchState.WRITTEN).count() == 0
    other.release()
    quickbooks.drain()
    assert len(quickbooks.books("Customer")) == len(people) == db.session.query(RemoteLink).count()


def test_what_recovery_has_taken_up_is_left_to_it(quickbooks, owner, clock):
    person = builders.customer(owner.company)
    builders.invoice(person)
    quickbooks.drain()
    builders.invoice(person)
    quickbooks.script("cut_before", operation="invoice.create")
    quickbooks.drain()
    clock.advance(seconds=5)
    quickbooks.drain()
    (batch,) = db.session.query(PushBatch).filter_by(state=BatchState.WRITTEN)
    assert batch.checks == 1
    landing.requeue_unsent(batch.id, AttemptOutcome.NOT_SENT)
    assert batch.state is BatchState.WRITTEN


def test_a_slice_ends_in_the_middle_of_many_doubts(quickbooks, owner, clock):
    bills = [builders.invoice(builders.customer(owner.company)) for _ in range(2)]
    quickbooks.drain()
    for bill in bills:
        builders.edit_invoice(bill, notes="changed")
    quickbooks.script("cut_before", operation="invoice.update", times=2)
    quickbooks.drain()
    clock.advance(seconds=5)
    answers = iter([True])
    assert (
        draining.drain(quickbooks.connection.id, go_on=lambda: next(answers, False)) is draining.Drained.MORE
    )
    still_open = db.session.query(PushBatch).filter_by(state=BatchState.WRITTEN).all()
    assert sorted(batch.checks for batch in still_open) == [0, 1]


def test_a_job_that_takes_too_long_leaves_what_the_next_can_finish(app, quickbooks, people, clock, signals):
    connection_id = quickbooks.connection.id
    quickbooks.script("latency", operation="batch", seconds=5.0)
    queue().empty()
    job = queue().enqueue(JOB, connection_id, job_timeout=3)
    rq_worker(app).work(burst=True, logging_level="ERROR")
    assert "JobTimeoutException" in job.latest_result().exc_string
    assert lease_end(connection_id) is None
    on_the_wire = SyncTask.state.in_((TaskState.SENDING, TaskState.CHECKING))
    assert db.session.query(SyncTask).filter(on_the_wire).count() > 0
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    assert {state for (state,) in db.session.query(SyncTask.state)} == {TaskState.SYNCED}
    assert len(quickbooks.books("Customer")) == len(people)


def test_a_row_that_cannot_be_prepared_costs_only_itself(quickbooks, owner):
    broken, sound = builders.customer(owner.company), builders.customer(owner.company)
    quickbooks.drain()
    link = db.session.query(RemoteLink).filter_by(record_id=broken.id, kind="customer").one()
    link.snapshot = {"ours": 5}
    for person in (broken, sound):
        builders.edit_customer(person, notes="changed")
    quickbooks.drain()
    rows = [builders.task_of(quickbooks.connection, person) for person in (broken, sound)]
    assert [row.state for row in rows] == [TaskState.ERROR, TaskState.SYNCED]
    assert rows[0].message == f"Customer {broken.name} was stopped by something we did not expect."
