"""Intuit's Launch, Reconnect and Disconnect addresses: for anybody, and they change nothing."""

import pytest
from flask.testing import FlaskClient

from app.extensions import db, redis
from app.quickbooks.account.renewal import queue_renewals
from app.quickbooks.models import ConnectionState
from tests.people import Actor

PLACES = "/integrations/quickbooks"
PAGE = "/settings/integrations/quickbooks"


@pytest.fixture
def visits(quickbooks, work, clock):
    """Somebody comes from Intuit's disconnect; then the worker's jobs run, for two minutes."""

    def visit(who: Actor | FlaskClient) -> str:
        redis().flushall()
        page = who.get(f"{PLACES}/disconnected?realmId={quickbooks.realm}").text
        work()
        clock.advance(minutes=2)
        queue_renewals()
        work()
        db.session.expire_all()
        return page

    return visit


def calls_of(quickbooks) -> list[str]:
    return [call["operation"] for call in quickbooks.simulator.calls()]


def test_a_disconnect_that_happened_is_found_out(quickbooks, visits, owner: Actor):
    quickbooks.simulator.control("POST", "tokens", {"action": "revoke", "realm": quickbooks.realm})
    page = visits(owner)
    assert "asking QuickBooks about" in page
    assert quickbooks.connection.state is ConnectionState.RECONNECT_NEEDED
    assert "Reconnect to QuickBooks" in owner.get(PAGE).text


def test_a_visit_alone_disconnects_nothing(quickbooks, visits, owner: Actor):
    before = (quickbooks.connection.access_token, calls_of(quickbooks))
    visits(owner)
    assert quickbooks.connection.state is ConnectionState.CONNECTED
    assert quickbooks.connection.access_token == before[0]
    assert len(calls_of(quickbooks)) == len(before[1]) + 1  # one read


def test_many_visits_are_one_question(quickbooks, owner: Actor, work):
    redis().flushall()
    before = len(calls_of(quickbooks))
    for place in ("disconnected", "reconnect", "disconnected"):
        owner.get(f"{PLACES}/{place}")
    work()
    assert len(calls_of(quickbooks)) == before + 1


def test_a_stranger_learns_nothing_and_has_nothing_asked(quickbooks, visits, app, stranger: Actor):
    before = len(calls_of(quickbooks))
    for visitor in (stranger, app.test_client()):
        page = visits(visitor)
        assert "Disconnecting in QuickBooks" in page
        assert quickbooks.connection.remote_name not in page
    assert len(calls_of(quickbooks)) == before


@pytest.mark.parametrize("place", ["launch", "reconnect"])
def test_who_comes_from_intuit_is_led_to_the_page(app, owner: Actor, dispatcher: Actor, place: str):
    signed_out = app.test_client().get(f"{PLACES}/{place}")
    assert signed_out.headers["Location"].endswith(PAGE)
    assert owner.get(f"{PLACES}/{place}").headers["Location"].endswith(PAGE)
    assert dispatcher.get(f"{PLACES}/{place}").headers["Location"] == "/"


def test_the_page_lets_an_owner_connect_again(quickbooks, owner: Actor, bookkeeper: Actor):
    assert "Connect again" in owner.get(PAGE).text
    assert "Connect again" not in bookkeeper.get(PAGE).text
