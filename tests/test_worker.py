"""The worker process: its schedule outlives whatever goes wrong, and its listening leaves saves alone."""

import threading
from contextlib import ExitStack
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.config import KEPT_CONNECTIONS, MORE_CONNECTIONS
from app.extensions import database_time, db, queue, redis
from app.invoices.models import Invoice, InvoiceStatus
from app.job_threads import CONNECTIONS, rq_worker
from app.lib.clock import FixedClock
from app.quickbooks.outbox.nudge import JOB
from tests.invoices.builders import customer, invoice
from tests.people import Actor
from tests.quickbooks import builders
from worker import keep_sweeping


class Rounds(threading.Event):
    """Lets the schedule go round so many times without waiting."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self._left = rounds

    def wait(self, timeout: float | None = None) -> bool:
        self._left -= 1
        return self._left < 0


class StumblingClock(FixedClock):
    """Raises the first few times it is asked."""

    def __init__(self, start: datetime, error: Exception) -> None:
        super().__init__(start)
        self._errors = [error] * 2

    def now(self) -> datetime:
        if self._errors:
            raise self._errors.pop()
        return super().now()


@pytest.mark.parametrize(
    "error", [KeyError("a bug of ours"), OperationalError("SELECT", {}, Exception("PostgreSQL went away"))]
)
def test_the_sweep_goes_on_whatever_happens(app, owner: Actor, clock, error: Exception):
    builders.connected(owner.company)
    builders.customer(owner.company)
    redis().flushall()
    app.extensions["clock"] = StumblingClock(clock.now(), error)
    keep_sweeping(app, Rounds(3))
    assert [job.func_name for job in queue().jobs].count(JOB) == 1


def test_what_is_past_due_becomes_overdue(app, owner: Actor, clock):
    buyer = customer(owner.company)
    for due in (date(2026, 3, 2), date(2026, 3, 3)):
        invoice(buyer, status=InvoiceStatus.SENT, due_date=due)
    clock.advance(days=1)
    keep_sweeping(app, Rounds(1))
    assert statuses() == [InvoiceStatus.OVERDUE, InvoiceStatus.SENT]
    clock.advance(days=1)
    keep_sweeping(app, Rounds(1))
    assert statuses() == [InvoiceStatus.OVERDUE] * 2


def statuses() -> list[InvoiceStatus]:
    db.session.rollback()
    return list(db.session.scalars(select(Invoice.status).order_by(Invoice.id)))


def test_listening_for_jobs_leaves_the_patience_of_everybody_else_alone(app):
    rq_worker(app)
    patience = [
        client.connection_pool.connection_kwargs["socket_timeout"] for client in (redis(), queue().connection)
    ]
    assert patience == [2, 2]
    db.session.rollback()


def test_the_busiest_worker_still_gets_the_time(app):
    """All jobs, leases and the schedule hold a connection, and one of them asks the database for the time."""
    assert CONNECTIONS <= KEPT_CONNECTIONS + MORE_CONNECTIONS
    db.session.rollback()
    with ExitStack() as held:
        for _ in range(CONNECTIONS - 1):
            held.enter_context(db.engine.connect())
        assert database_time(app)()
