"""Whatever nudge was lost, the sweep finds what is due, and only that."""

from datetime import timedelta

import pytest

from app.accounts.models import Plan
from app.extensions import db, now, redis
from app.quickbooks.models import ConnectionState, PushBatch, TaskState
from app.quickbooks.outbox.sweep import sweep
from tests.people import Actor
from tests.quickbooks import builders


@pytest.fixture
def connection(owner: Actor):
    return builders.connected(owner.company)


@pytest.fixture
def task(connection, owner: Actor):
    return builders.task_of(connection, builders.customer(owner.company))


def test_it_finds_queued_rows_after_redis_lost_everything(connection, task):
    redis().flushall()
    assert sweep() == [connection.id]
    assert redis().llen("rq:queue:default") == 1


def test_it_leaves_rows_in_backoff_until_their_time(connection, task, clock):
    builders.put_in(task, TaskState.BACKOFF, due_at=now() + timedelta(minutes=5))
    assert sweep() == []
    clock.advance(minutes=6)
    assert sweep() == [connection.id]


@pytest.mark.parametrize("state", [TaskState.SYNCED, TaskState.ERROR, TaskState.SKIPPED])
def test_finished_rows_wake_nobody(connection, task, state: TaskState):
    builders.put_in(task, state)
    assert sweep() == []


def test_an_open_batch_is_found_once_its_time_comes(connection, task, clock):
    builders.put_in(task, TaskState.CHECKING)
    batch = PushBatch(
        connection_id=connection.id, request_id="r", items=[], check_at=now() + timedelta(minutes=1)
    )
    db.session.add(batch)
    db.session.commit()
    assert sweep() == []
    clock.advance(minutes=2)
    assert sweep() == [connection.id]


@pytest.mark.parametrize(
    "standstill",
    [
        {"state": ConnectionState.DISCONNECTED},
        {"state": ConnectionState.RECONNECT_NEEDED},
        {"paused_until": "later"},
        {"lease_until": "later"},
    ],
)
def test_a_company_that_cannot_send_is_left_alone(connection, task, standstill: dict):
    for name, value in standstill.items():
        setattr(connection, name, now() + timedelta(minutes=1) if value == "later" else value)
    db.session.commit()
    assert sweep() == []


def test_a_company_without_the_plan_is_left_alone(connection, task, owner: Actor):
    owner.company.plan = Plan.FREE
    db.session.commit()
    assert sweep() == []


@pytest.mark.parametrize(
    ("asleep", "needed"),
    [
        (TaskState.QUEUED, TaskState.SYNCED),
        (TaskState.BACKOFF, TaskState.SYNCED),
        (TaskState.ERROR, TaskState.SYNCED),
        (TaskState.QUEUED, TaskState.ERROR),
        (TaskState.BACKOFF, TaskState.SKIPPED),
    ],
)
def test_a_sleeper_is_woken_when_what_it_needs_has_come_to_rest(
    connection, task, owner: Actor, asleep: TaskState, needed: TaskState
):
    bill = builders.task_of(connection, builders.invoice(builders.customer(owner.company)))
    builders.put_in(bill, asleep, waits_for_id=task.id, due_at=now() + timedelta(hours=1))
    builders.put_in(task, needed)
    sweep()
    db.session.refresh(bill)
    assert bill.waits_for_id is None
    assert bill.due_at == now()
    assert bill.state is not TaskState.ERROR


@pytest.mark.parametrize(
    ("asleep", "needed"), [(TaskState.QUEUED, TaskState.BACKOFF), (TaskState.ERROR, TaskState.ERROR)]
)
def test_a_sleeper_that_still_has_to_wait_sleeps_on(
    connection, task, owner: Actor, asleep: TaskState, needed: TaskState
):
    bill = builders.task_of(connection, builders.invoice(builders.customer(owner.company)))
    builders.put_in(bill, asleep, waits_for_id=task.id)
    builders.put_in(task, needed)
    sweep()
    db.session.refresh(bill)
    assert (bill.state, bill.waits_for_id) == (asleep, task.id)
