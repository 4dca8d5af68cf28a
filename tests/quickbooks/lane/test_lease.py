"""A realm has one sender, and outlives it."""

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
