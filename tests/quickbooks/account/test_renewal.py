"""Idle connections renew their tokens by jobs: a slow token endpoint holds up no sweep."""

from app.extensions import SLOW, db, queue, redis
from app.lib.secrets_box import SecretsBox
from app.quickbooks.account.renewal import queue_renewals
from app.quickbooks.jobs import renew_tokens
from app.quickbooks.models import ConnectionState
from tests.quickbooks import builders


def test_only_the_idle_are_renewed_and_not_again_within_the_hour(owner, clock):
    connection = builders.connected(owner.company)
    assert queue_renewals() == []
    clock.advance(days=2)
    assert queue_renewals() == [connection.id]
    assert [list(job.args) for job in queue(SLOW).jobs] == [[connection.id]]
    assert queue_renewals() == []
    redis().flushall()
    clock.advance(hours=1)
    assert queue_renewals() == [connection.id]


def test_a_job_renews(quickbooks, clock, work):
    before = quickbooks.connection.access_token
    clock.advance(days=2)
    queue_renewals()
    work()
    assert quickbooks.connection.access_token != before
    assert queue_renewals() == []


def test_a_token_endpoint_that_fails_is_asked_again_an_hour_later(quickbooks, clock, work):
    quickbooks.simulator.script(effect="status", status=503, operation="token")
    clock.advance(days=2)
    assert queue_renewals()
    work()
    assert quickbooks.connection.state is ConnectionState.CONNECTED
    clock.advance(hours=1)
    assert queue_renewals()


def test_tokens_that_cannot_be_opened_cost_only_their_own_connection(owner, clock):
    connection = builders.connected(owner.company)
    connection.access_token = SecretsBox(["YW5vdGhlci1rZXktdGhhdC1pcy0zMi1ieXRlc2xvbmc="]).seal("access-1")
    db.session.commit()
    renew_tokens(connection.id)
    assert connection.state is ConnectionState.RECONNECT_NEEDED
