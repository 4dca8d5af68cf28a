"""Host changes become rows in the host's own transaction; many changes before a push are one push."""

import socket
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, text, update

from app import create_app
from app.accounts.models import Plan
from app.config import from_environment
from app.extensions import among, db, now, redis
from app.invoices.models import InvoiceStatus
from app.quickbooks import outbox
from app.quickbooks.catalogue import problem
from app.quickbooks.models import SYNCABLE, ConnectionState, RecordKind, SyncTask, TaskState
from app.quickbooks.outbox import announced, outcomes
from app.quickbooks.outbox.sweep import sweep
from tests.people import Actor
from tests.quickbooks import builders


def test_a_new_customer_is_queued_and_the_worker_nudged(owner: Actor):
    connection = builders.connected(owner.company)
    record = builders.customer(owner.company)
    assert builders.task_of(connection, record).state is TaskState.QUEUED
    assert redis().llen("rq:queue:default") == 1


def test_ten_edits_are_one_row(owner: Actor):
    connection = builders.connected(owner.company)
    record = builders.customer(owner.company)
    for number in range(10):
        builders.edit_customer(record, notes=f"edit {number}")
    assert db.session.query(SyncTask).count() == 1
    assert builders.task_of(connection, record).wanted == 11


def test_a_rolled_back_save_leaves_no_row_and_no_nudge(owner: Actor):
    connection = builders.connected(owner.company)
    record = builders.customer(owner.company)
    redis().flushall()
    outbox.queue(connection.id, RecordKind.CUSTOMER, [record.id])
    db.session.rollback()
    db.session.commit()
    assert builders.task_of(connection, record).wanted == 1
    assert redis().llen("rq:queue:default") == 0


def test_an_edit_while_on_the_wire_stays_there_and_is_wanted(owner: Actor):
    connection = builders.connected(owner.company)
    record = builders.customer(owner.company)
    for state in (TaskState.SENDING, TaskState.CHECKING):
        task = builders.put_in(builders.task_of(connection, record), state)
        before = task.wanted
        builders.edit_customer(record, notes=f"edited while {state}")
        db.session.refresh(task)
        assert (task.state, task.wanted) == (state, before + 1)


@pytest.mark.parametrize("state", [TaskState.BACKOFF, TaskState.ERROR, TaskState.SYNCED])
def test_an_edit_gives_a_failed_or_finished_row_a_fresh_start(owner: Actor, state: TaskState):
    connection = builders.connected(owner.company)
    record = builders.customer(owner.company)
    task = builders.put_in(builders.task_of(connection, record), state, attempts=4, message="It failed.")
    builders.edit_customer(record, notes="corrected")
    db.session.refresh(task)
    assert (task.state, task.attempts, task.message) == (TaskState.QUEUED, 0, "")


def test_a_skipped_row_is_woken_by_hand_only(owner: Actor):
    connection = builders.connected(owner.company)
    record = builders.customer(owner.company)
    task = builders.put_in(builders.task_of(connection, record), TaskState.SKIPPED)
    builders.edit_customer(record, notes="edited")
    db.session.refresh(task)
    assert task.state is TaskState.SKIPPED
    outbox.queue(connection.id, RecordKind.CUSTOMER, [record.id], by_hand=True)
    db.session.commit()
    db.session.refresh(task)
    assert task.state is TaskState.QUEUED


@pytest.mark.parametrize("status", list(InvoiceStatus))
def test_only_syncable_invoices_are_queued(owner: Actor, status: InvoiceStatus):
    connection = builders.connected(owner.company)
    record = builders.invoice(builders.customer(owner.company), status=status)
    assert (builders.task_of(connection, record) is not None) == (status in SYNCABLE)


def test_preferences_decide_what_is_queued_by_itself(owner: Actor):
    connection = builders.connected(owner.company)
    connection.preferences.sync_customers = connection.preferences.sync_invoices = False
    db.session.commit()
    person = builders.customer(owner.company)
    bill = builders.invoice(person)
    assert builders.task_of(connection, person) is None
    assert builders.task_of(connection, bill) is None


def test_an_invoice_older_than_the_connection_is_left_to_people(owner: Actor, clock):
    bill = builders.invoice(builders.customer(owner.company), announce=False)
    clock.advance(hours=1)
    connection = builders.connected(owner.company)
    builders.edit_invoice(bill, notes="a late note")
    assert builders.task_of(connection, bill) is None


def test_nothing_is_queued_once_disconnected(owner: Actor):
    connection = builders.connected(owner.company, state=ConnectionState.DISCONNECTED)
    assert builders.task_of(connection, builders.customer(owner.company)) is None


def test_a_company_back_on_free_goes_on_gathering(owner: Actor):
    connection = builders.connected(owner.company)
    owner.company.plan = Plan.FREE
    db.session.commit()
    assert builders.task_of(connection, builders.customer(owner.company)).state is TaskState.QUEUED


def test_one_statement_queues_what_a_save_announced(owner: Actor, count_queries):
    builders.connected(owner.company)
    bill = builders.invoice(builders.customer(owner.company))
    company_id, ids = owner.company_id, [bill.id]
    with count_queries() as queries:
        announced.queue_invoices(company_id, ids)
    assert queries.count == 2  # the company is held first, so that a catch-up waits (catching_up.hold_back)


def test_a_hundred_thousand_may_be_announced_at_once(owner: Actor):
    """PostgreSQL takes 65,535 parameters."""
    connection = builders.connected(owner.company)
    bill = builders.invoice(builders.customer(owner.company))
    announced.queue_invoices(owner.company_id, range(1, 100_001))
    announced.queue_customers(owner.company_id, range(1, 100_001))
    announced.queue_money(owner.company_id, RecordKind.PAYMENT, range(1, 100_001))
    db.session.commit()
    assert builders.task_of(connection, bill).wanted == 2
    assert db.session.query(SyncTask).count() == 2


def test_a_hundred_thousand_owed_rows_are_one_statement(owner: Actor, count_queries):
    connection = builders.connected(owner.company)
    with count_queries() as queries:
        outbox.queue(connection.id, RecordKind.INVOICE, range(1, 100_001))
        outbox.queue(connection.id, RecordKind.INVOICE, range(1, 100_001))
    assert queries.count <= 3
    db.session.rollback()


MANY = 70_000


@pytest.fixture
def waited_for(owner: Actor) -> Callable[[int], SyncTask]:
    """What so many rows wait for, as an import's invoices may wait for their item."""

    def by(count: int) -> SyncTask:
        connection = builders.connected(owner.company)
        task = builders.task_of(connection, builders.customer(owner.company))
        outbox.queue(connection.id, RecordKind.INVOICE, range(1, count + 1))
        wait = {"waits_for_id": task.id, "state": TaskState.ERROR}
        rows = update(SyncTask).where(SyncTask.id != task.id).values(wait)
        db.session.execute(rows.execution_options(synchronize_session=False))
        return builders.put_in(task, TaskState.SYNCED)

    return by


@pytest.mark.parametrize("wake", [lambda task: outbox.release_waiting([task.id]), lambda task: sweep()])
def test_many_may_be_woken_at_once(waited_for, wake):
    wake(waited_for(MANY))
    assert db.session.query(SyncTask).filter_by(state=TaskState.QUEUED, waits_for_id=None).count() == MANY


def test_a_plan_of_few_rows_is_not_used_for_many(owner: Actor):
    """PostgreSQL keeps the plan of a statement that it has seen ten times, and goes through all rows for each."""
    connection = builders.connected(owner.company)
    kept = text(
        "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE :statement"
    ).bindparams(statement="%FROM quickbooks_tasks%unnest%FOR UPDATE%")

    def put_off(count: int) -> int:
        outbox.put_off(connection.id, now(), among(SyncTask.id, range(1, count + 1)))
        return db.session.scalar(kept) or 0

    few = [put_off(3) for _ in range(12)]
    assert few[-1] > few[-2] > 0
    assert put_off(1_000) == few[-1]
    assert put_off(3) > few[-1]


def test_no_statement_grows_with_those_that_are_told_what_they_wait_for(waited_for):
    task, sizes = builders.put_in(waited_for(2_000), TaskState.QUEUED), []

    def note(_connection, _cursor, _statement, parameters, _context, executemany: bool) -> None:
        sizes.append(0 if executemany else len(parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        outcomes.park(task, problem("no_answer"), "Elm Street Bakery")
        db.session.flush()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert db.session.query(SyncTask).filter_by(problem="needed_record_failed").count() == 2_000
    assert max(sizes) < 1_000


def test_many_may_be_put_off_at_once(owner: Actor):
    connection = builders.connected(owner.company)
    outbox.queue(connection.id, RecordKind.INVOICE, range(1, MANY + 1))
    outbox.put_off(connection.id, now() + timedelta(days=1))
    assert not outbox.anything_due(connection.id)


@pytest.mark.parametrize("trouble", ["refuses", "hangs"])
def test_redis_in_trouble_never_fails_nor_hangs_a_save(owner: Actor, app, settings, trouble: str):
    builders.connected(owner.company)
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        if trouble == "hangs":
            port.listen()  # connections are taken, and never answered
        url = f"redis://127.0.0.1:{port.getsockname()[1]}/0"
        elsewhere = create_app(from_environment({**settings, "REDIS_URL": url}))
        real, app.extensions["redis"] = app.extensions["redis"], elsewhere.extensions["redis"]
        started = time.monotonic()
        try:
            record = builders.customer(owner.company)
        finally:
            app.extensions["redis"] = real
    assert record.id
    assert time.monotonic() - started < 4
