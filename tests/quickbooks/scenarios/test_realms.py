"""A realm is proven before it is saved: its number comes in an address that anybody can edit."""

from urllib.parse import parse_qs, urlparse

import pytest

from app.extensions import db
from app.quickbooks.models import Connection, ConnectionState
from tests.people import Actor
from tests.quickbooks.conftest import QuickBooks
from tests.quickbooks.consent import consent
from tests.realms import AUTOMATED_TAX

CONNECT = "/settings/integrations/quickbooks/connect"


def back_from(quickbooks: QuickBooks) -> str:
    """The address that Intuit sends the owner's browser to."""
    asked = quickbooks.owner.get(CONNECT).headers["Location"]
    return consent(asked, quickbooks.realm).split("localhost", 1)[1]


def told(owner: Actor, address: str) -> tuple[str, str]:
    """What became of the return: the page's key, and its text."""
    there = owner.get(address).headers["Location"]
    problem = parse_qs(urlparse(there).query).get("problem", ["connected"])[0]
    return problem, owner.get(there).text


def revoked(quickbooks: QuickBooks) -> int:
    return sum(call["operation"] == "revoke" for call in quickbooks.simulator.calls())


def saved() -> int:
    return db.session.query(Connection).count()


def test_an_edited_realm_is_refused_and_locks_nobody_out(quickbooks_of, owner: Actor, stranger: Actor):
    theirs, harbor = quickbooks_of(stranger, AUTOMATED_TAX), quickbooks_of(owner)
    edited = back_from(theirs).replace(f"realmId={theirs.realm}", f"realmId={harbor.realm}")
    problem, page = told(stranger, edited)
    assert (problem, saved(), revoked(theirs)) == ("not_opened", 0, 1)
    assert "QuickBooks did not open this company to you" in page
    assert told(owner, back_from(harbor))[0] == "connected"
    assert told(stranger, back_from(theirs))[0] == "connected"


def test_a_realm_that_somebody_has_is_not_found_out_by_editing(quickbooks, quickbooks_of, stranger: Actor):
    theirs = quickbooks_of(stranger, AUTOMATED_TAX)
    edited = back_from(theirs).replace(f"realmId={theirs.realm}", f"realmId={quickbooks.realm}")
    assert told(stranger, edited)[0] == "not_opened"
    assert quickbooks.connection.state is ConnectionState.CONNECTED


REFUSALS = [
    ({"effect": "fault", "code": "3200"}, 401),
    ({"effect": "gateway_fault", "code": "3100"}, 403),
    ({"effect": "status", "status": 404}, 404),
]


@pytest.mark.parametrize(("refusal", "status"), REFUSALS)
def test_whatever_quickbooks_refuses_it_with(quickbooks_of, owner: Actor, refusal: dict, status: int):
    quickbooks = quickbooks_of(owner)
    back = back_from(quickbooks)
    quickbooks.script(**refusal, operation="read")
    assert told(owner, back)[0] == "not_opened"
    assert (saved(), revoked(quickbooks)) == (0, 1)
    assert any(call["status"] == status for call in quickbooks.simulator.calls())


@pytest.mark.parametrize("effect", ["maintenance", "throttle"])
def test_quickbooks_away_saves_nothing(quickbooks_of, owner: Actor, effect: str):
    quickbooks = quickbooks_of(owner)
    back = back_from(quickbooks)
    quickbooks.script(effect, operation="read", times=1 + (effect == "throttle"))
    problem, page = told(owner, back)
    assert (problem, saved(), revoked(quickbooks)) == ("unavailable", 0, 1)
    assert "Nothing was saved. Wait a minute, then connect again." in page
    assert told(owner, back_from(quickbooks))[0] == "connected"


def test_quickbooks_away_ends_no_connection_that_works(quickbooks, owner: Actor):
    """The Owner connects once more what is connected: revoking the new grant would end the old one too."""
    back = back_from(quickbooks)
    quickbooks.script("maintenance", operation="read")
    assert told(owner, back)[0] == "unavailable"
    assert (quickbooks.connection.state, revoked(quickbooks)) == (ConnectionState.CONNECTED, 0)


def test_a_company_in_use_elsewhere(quickbooks, quickbooks_of, owner: Actor, stranger: Actor):
    problem, page = told(stranger, back_from(quickbooks_of(stranger)))
    assert (problem, saved(), revoked(quickbooks)) == ("in_use", 1, 0)
    assert "Another FSM Navigator company is connected to it" in page
    assert "Harbor" not in page.split("</head>")[1]


def test_another_company_while_one_is_linked(quickbooks, quickbooks_of, owner: Actor):
    other = quickbooks_of(owner, AUTOMATED_TAX)
    problem, page = told(owner, back_from(other))
    assert (problem, saved(), revoked(quickbooks)) == ("still_linked", 1, 1)
    assert "Disconnect that one first" in page
    assert quickbooks.connection.state is ConnectionState.CONNECTED
