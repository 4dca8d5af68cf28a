"""A worker process is killed at each step of a push, and another one takes over: one record each, every time.

PostgreSQL's own locks and QuickBooks' latency make the worker stand still where it is to be killed.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app.extensions import SLOW as SLOW_JOBS
from app.extensions import SOON, db, enqueue, queue, redis
from app.job_threads import THREADS
from app.lib.clock import SystemClock
from app.quickbooks.account.renewal import JOB as RENEWAL
from app.quickbooks.models import BatchState, PushBatch, SyncAttempt, SyncTask, TaskState
from devtools.chaos import hurry
from devtools.waiting import wait_until
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create

ROOT = Path(__file__).parents[3]
SCALE = 20
SLOW = 1.0  # real seconds; QuickBooks may work on a request for 40 hurried ones, which are two


@pytest.fixture
def world() -> dict[str, str]:
    """A hurried one: a lease of 20 seconds runs out after one."""
    return hurry.settings(SCALE)


@pytest.fixture
def clock(world) -> hurry.HurriedClock:
    return hurry.HurriedClock(SystemClock(), SCALE, datetime.fromisoformat(world[hurry.ORIGIN]))


@pytest.fixture
def hire(app, quickbooks, settings, world) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts a worker process, as often as it is called."""
    urls = {
        name: app.config[name] for name in app.config if name.startswith("QUICKBOOKS_") and "_URL" in name
    }
    limits = {"QUICKBOOKS_SERVER_LIMIT_SECONDS": "40", "OAUTHLIB_INSECURE_TRANSPORT": "1"}
    environment = {**os.environ, **settings, **urls, **limits, **world}
    hired = []

    def start() -> subprocess.Popen[bytes]:
        hired.append(
            subprocess.Popen([sys.executable, "-m", "devtools.chaos.programs"], cwd=ROOT, env=environment)
        )
        return hired[-1]

    yield start
    for process in hired:
        process.kill()
        process.wait()


def kill(process: subprocess.Popen[bytes]) -> None:
    assert process.poll() is None
    process.kill()
    process.wait()


@contextmanager
def locked(statement: str) -> Iterator[None]:
    with db.engine.connect() as holder:
        holder.execute(text(statement))
        yield
        holder.rollback()


def stands_before(table: str) -> bool:
    """Whether somebody waits for a lock that the test holds."""
    waiting = text(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = CAST(:table AS regclass)"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with db.engine.connect() as observer:
        return observer.scalar(waiting, {"table": table}) > 0


def called(quickbooks, operation: str) -> bool:
    """Whether a request that was made slow has arrived."""
    scripts = quickbooks.simulator.control("GET", "scripts")
    return any(script["used"] for script in scripts if script["operation"] == operation)


def answered(quickbooks, operation: str, seconds: float = 0) -> bool:
    """Whether QuickBooks is done with a request that took it so long."""
    calls = quickbooks.simulator.calls()
    return any(call["operation"] == operation and call["seconds"] >= seconds for call in calls)


def written() -> bool:
    db.session.rollback()
    return db.session.query(PushBatch).filter_by(state=BatchState.WRITTEN).count() > 0


def after_the_claim(quickbooks, hire) -> None:
    with locked("LOCK TABLE quickbooks_batches IN SHARE MODE"):
        process = hire()
        wait_until(lambda: stands_before("quickbooks_batches"), "rows are claimed, and no batch is written")
        kill(process)


def after_the_batch_is_written(quickbooks, hire) -> None:
    """The next thing it does is to ask Redis for its turn, which does not answer now."""
    with locked("LOCK TABLE quickbooks_batches IN SHARE MODE"):
        process = hire()
        wait_until(lambda: stands_before("quickbooks_batches"), "a batch is about to be written")
        redis().client_pause(1_900)  # milliseconds; it answers again by itself
    wait_until(written, "the batch is written")
    kill(process)
    assert not answered(quickbooks, "batch")


def on_the_wire(quickbooks, hire) -> None:
    quickbooks.script("latency", operation="batch", seconds=SLOW)
    process = hire()
    wait_until(lambda: called(quickbooks, "batch"), "the batch is on the wire")
    kill(process)


def after_the_answer(quickbooks, hire) -> None:
    """It wants to write it down, and has to wait."""
    quickbooks.script("latency", operation="batch", seconds=SLOW)
    process = hire()
    wait_until(lambda: called(quickbooks, "batch"), "the batch is on the wire")
    with locked("SELECT id FROM quickbooks_connections FOR UPDATE"):
        wait_until(lambda: answered(quickbooks, "batch"), "QuickBooks has answered")
        kill(process)


def in_the_middle_of_settling(quickbooks, hire) -> None:
    with locked("LOCK TABLE quickbooks_links IN SHARE MODE"):
        process = hire()
        wait_until(lambda: stands_before("quickbooks_links"), "a row is about to be linked")
        kill(process)


STEPS = [
    after_the_claim,
    after_the_batch_is_written,
    on_the_wire,
    after_the_answer,
    in_the_middle_of_settling,
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_killed(quickbooks, bills, hire, step):
    """Nobody helps: QuickBooks forgets request ids at once, and lets numbers repeat."""
    quickbooks.simulator.settings(requestid_memory_seconds=0)
    quickbooks.simulator.company(quickbooks.realm, warn_duplicate_numbers=False)
    quickbooks.simulator.control("POST", "calls/clear")
    step(quickbooks, hire)
    hire()
    wait_until(lambda: states() == {TaskState.SYNCED} and not written(), "everything is settled", seconds=40)
    if called(quickbooks, "batch"):
        wait_until(lambda: answered(quickbooks, "batch", SLOW), "QuickBooks is done with what was cut off")
    there = [record["DocNumber"] for record in quickbooks.books("Invoice")]
    assert sorted(there) == sorted(set(there))
    assert {bill.number for bill in bills} < set(there)
    assert len(there) == len(bills) + 1


def test_killed_between_the_list_of_customers_and_the_first_write(quickbooks, owner, hire):
    """The next one does not read the list again, asks about the doubtful one, and makes the others once."""
    phone = "(207) 555-0199"
    create(quickbooks, "Customer", DisplayName="Rivera HVAC, LLC", PrimaryPhone={"FreeFormNumber": phone})
    doubtful = builders.customer(owner.company, "Rivera HVAC", phone=phone)
    others = [builders.customer(owner.company) for _ in range(5)]
    after_the_claim(quickbooks, hire)
    assert len(quickbooks.books("Customer")) == 1
    read_at = quickbooks.connection.customers_read_at
    assert read_at is not None
    hire()
    settled = {TaskState.SYNCED, TaskState.ERROR}
    wait_until(lambda: states() == settled, "everything is settled", seconds=40)
    assert quickbooks.row(doubtful).problem == "customer_doubtful"
    names = [record["DisplayName"] for record in quickbooks.books("Customer")]
    assert sorted(names) == sorted(["Rivera HVAC, LLC", *(person.name for person in others)])
    assert quickbooks.connection.customers_read_at == read_at


def test_told_to_stop_it_finishes_what_is_on_the_wire(quickbooks, bills, hire):
    quickbooks.script("latency", operation="batch", seconds=SLOW)
    process = hire()
    wait_until(lambda: called(quickbooks, "batch"), "the batch is on the wire")
    later = builders.invoice(bills[0].customer)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    db.session.expire_all()
    rows = [builders.task_of(quickbooks.connection, bill) for bill in bills]
    assert {row.state for row in rows} == {TaskState.SYNCED}
    outcomes = db.session.query(SyncAttempt.outcome).filter(SyncAttempt.task_id.in_([row.id for row in rows]))
    assert {outcome for (outcome,) in outcomes} == {"accepted"}
    assert builders.task_of(quickbooks.connection, later).state is TaskState.QUEUED
    hire()
    wait_until(lambda: states() == {TaskState.SYNCED}, "another worker goes on")


@pytest.mark.parametrize("name", [SOON, SLOW_JOBS])
def test_told_to_stop_it_leaves_what_comes_then_to_others(quickbooks, bills, hire, name):
    """Its threads without work still listen, while another one waits for QuickBooks."""
    quickbooks.script("latency", operation="batch", seconds=SLOW)
    process = hire()
    wait_until(lambda: listening() == len(THREADS) - 1, "every other thread listens")
    wait_until(lambda: called(quickbooks, "batch"), "the batch is on the wire")
    process.send_signal(signal.SIGTERM)
    time.sleep(SLOW / 4)
    jobs = [enqueue(name, RENEWAL, quickbooks.connection.id, 60) for _ in range(3)]
    assert process.wait(timeout=20) == 0
    assert {*queue(name).job_ids} == {job.id for job in jobs}
    hire()
    wait_until(lambda: all(job.is_finished for job in jobs), "another worker does them")


def test_told_to_stop_with_nothing_to_do_it_ends_at_once(hire):
    process = hire()
    wait_until(lambda: listening() == len(THREADS), "every thread listens")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=4) == 0  # threads that wake now and then to ask take five


def listening() -> int:
    return sum(client["cmd"] == "blmove" for client in redis().client_list())


def states() -> set[TaskState]:
    db.session.rollback()
    return {state for (state,) in db.session.query(SyncTask.state)}
