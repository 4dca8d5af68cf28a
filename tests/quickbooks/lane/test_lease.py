"""A realm has one sender, and outlives it."""

import threading

from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.quickbooks.lane.lease import SECONDS, Lease
from tests.people import Actor
from tests.quickbooks import builders


def test_only_one_holds_it(owner: Actor):
    connection = builders.connected(owner.company)
    first, second = Lease(connection.id), Lease(connection.id)
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()


def test_it_runs_out_when_its_holder_dies(owner: Actor, clock):
    connection = builders.connected(owner.company)
    dead, heir = Lease(connection.id), Lease(connection.id)
    dead.take()
    clock.advance(seconds=SECONDS + 1)
    assert heir.take()
    assert not dead.renew()
    dead.release()
    assert heir.renew()


def test_a_heartbeat_keeps_it(owner: Actor, clock):
    connection = builders.connected(owner.company)
    lease = Lease(connection.id)
    lease.take()
    clock.advance(seconds=SECONDS - 1)
    assert lease.renew()
    clock.advance(seconds=SECONDS - 1)
    assert not Lease(connection.id).take()


def test_the_heartbeat_ends_even_where_the_session_is_beyond_a_rollback(owner: Actor):
    """Work that was stopped by force leaves a database connection in the middle of a statement."""
    lease = Lease(builders.connected(owner.company).id)
    lease.take()

    def cut_off(_: object) -> None:
        raise OperationalError("ROLLBACK", {}, Exception("another command is in progress"))

    def holds() -> None:
        with lease.kept():
            db.session.execute(text("SELECT 1"))
            event.listen(db.engine, "rollback", cut_off)

    try:
        holds()
    finally:
        event.remove(db.engine, "rollback", cut_off)
    assert "lease" not in {thread.name for thread in threading.enumerate()}
    assert db.session.execute(text("SELECT 1")).scalar() == 1
