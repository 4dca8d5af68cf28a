"""Connecting: the way there and back, and everything that may not work (domain promises 2, 8, 9)."""

from urllib.parse import parse_qs, urlparse

import pytest

from app.accounts.models import Plan
from app.extensions import db, secrets_box
from app.quickbooks.models import Connection, ConnectionState
from tests.people import Actor
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.conftest import QuickBooks
from tests.quickbooks.consent import consent
from tests.realms import AUTOMATED_TAX

CONNECT = "/settings/integrations/quickbooks/connect"
CALLBACK = "/integrations/quickbooks/callback"


def started(owner: Actor) -> str:
    """The state of a connection that has just been started."""
    address = owner.get(CONNECT).headers["Location"]
    return parse_qs(urlparse(address).query)["state"][0]


def problem_of(answer) -> str:
    assert answer.status_code == 302
    return parse_qs(urlparse(answer.headers["Location"]).query).get("problem", [""])[0]


def connections() -> int:
    return db.session.query(Connection).count()


def test_the_way_there_and_back(quickbooks: QuickBooks):
    connection = quickbooks.connection
    assert connection.state is ConnectionState.CONNECTED
    assert connection.remote_name == "Sandbox Company US 1"
    assert connection.environment == "sandbox"
    accounts = {account["id"]: account["name"] for account in connection.facts["income_accounts"]}
    assert "Services" in accounts[connection.preferences.income_account_id]


def test_customers_are_on_their_way_only_while_some_are(quickbooks: QuickBooks, owner: Actor):
    page, words = "/integrations/quickbooks/connected", "and your customers are on their way"
    assert words not in owner.get(page).text
    builders.customer(owner.company)
    assert words in owner.get(page).text
    quickbooks.drain()
    assert words not in owner.get(page).text


def test_cancel_at_intuit(quickbooks_of, owner: Actor):
    quickbooks = quickbooks_of(owner)
    back = consent(owner.get(CONNECT).headers["Location"], quickbooks.realm, decision="cancel")
    answer = owner.get(back.split("localhost", 1)[1])
    assert problem_of(answer) == "access_denied"
    page = owner.get(answer.headers["Location"])
    assert "You chose Cancel at Intuit" in page.text
    assert connections() == 0


@pytest.mark.parametrize("state", ["", "forged", "ümlaut"])
def test_a_forged_state(simulator, owner: Actor, state: str):
    started(owner)
    answer = owner.get(CALLBACK, query_string={"code": "c", "realmId": "1", "state": state})
    assert problem_of(answer) == "state"
    assert connections() == 0


def test_a_state_works_once(quickbooks_of, owner: Actor):
    quickbooks = quickbooks_of(owner)
    back = consent(owner.get(CONNECT).headers["Location"], quickbooks.realm).split("localhost", 1)[1]
    assert owner.get(back).headers["Location"].endswith("/connected")
    assert problem_of(owner.get(back)) == "state"
    assert connections() == 1


def test_a_state_of_another_session_is_refused_and_not_used_up(quickbooks_of, owner: Actor, stranger: Actor):
    quickbooks = quickbooks_of(owner)
    back = consent(owner.get(CONNECT).headers["Location"], quickbooks.realm).split("localhost", 1)[1]
    assert problem_of(stranger.get(back)) == "state"
    assert connections() == 0
    assert owner.get(back).headers["Location"].endswith("/connected")


def test_a_wrong_return_uses_up_no_other_state(quickbooks_of, owner: Actor):
    quickbooks = quickbooks_of(owner)
    back = consent(owner.get(CONNECT).headers["Location"], quickbooks.realm).split("localhost", 1)[1]
    assert (
        problem_of(owner.get(CALLBACK, query_string={"code": "c", "realmId": "1", "state": "x"})) == "state"
    )
    assert owner.get(back).headers["Location"].endswith("/connected")


def test_several_windows_at_once(quickbooks_of, owner: Actor):
    """Closed and opened again, or two tabs: whichever comes back first connects, and so may the other."""
    quickbooks = quickbooks_of(owner)
    asked = [owner.get(CONNECT).headers["Location"] for _ in range(3)]
    for address in (asked[1], asked[0]):
        back = consent(address, quickbooks.realm).split("localhost", 1)[1]
        assert owner.get(back).headers["Location"].endswith("/connected")
    assert connections() == 1


def test_a_state_runs_out_after_ten_minutes(quickbooks_of, owner: Actor, clock):
    quickbooks = quickbooks_of(owner)
    early, late = (
        consent(owner.get(CONNECT).headers["Location"], quickbooks.realm).split("localhost", 1)[1]
        for _ in range(2)
    )
    clock.advance(minutes=9, seconds=59)
    assert owner.get(early).headers["Location"].endswith("/connected")
    clock.advance(seconds=2)
    assert problem_of(owner.get(late)) == "state"


def test_a_callback_without_a_session(app, simulator):
    answer = app.test_client().get(CALLBACK, query_string={"code": "c", "realmId": "1", "state": "s"})
    assert problem_of(answer) == "signed_out"
    assert connections() == 0


def test_a_code_that_is_not_one(simulator, owner: Actor):
    answer = owner.get(CALLBACK, query_string={"code": "expired", "realmId": "1", "state": started(owner)})
    assert problem_of(answer) == "code"
    assert connections() == 0


@pytest.mark.parametrize("missing", ["code", "realmId"])
def test_an_incomplete_return(simulator, owner: Actor, missing: str):
    query = {"code": "c", "realmId": "1", "state": started(owner)}
    del query[missing]
    assert problem_of(owner.get(CALLBACK, query_string=query)) == "other"


@pytest.mark.parametrize("realm", ["../../etc", "1' OR '1'='1", "9" * 60, "١٢٣", "\uff11\uff12", "²"])
def test_a_realm_that_is_no_number(simulator, owner: Actor, realm: str):
    query = {"code": "c", "realmId": realm, "state": started(owner)}
    assert problem_of(owner.get(CALLBACK, query_string=query)) == "other"


def test_intuit_away(quickbooks_of, owner: Actor):
    quickbooks = quickbooks_of(owner)
    back = consent(owner.get(CONNECT).headers["Location"], quickbooks.realm).split("localhost", 1)[1]
    quickbooks.simulator.script(effect="maintenance", operation="token")
    assert problem_of(owner.get(back)) == "unavailable"
    assert connections() == 0


def test_the_months_reads_are_used_up(quickbooks_of, owner: Actor):
    """The company cannot be looked up, so it cannot be proven; a minute does not help."""
    quickbooks = quickbooks_of(owner)
    quickbooks.simulator.settings(read_quota=0)
    back = consent(owner.get(CONNECT).headers["Location"], quickbooks.realm).split("localhost", 1)[1]
    page = owner.get(owner.get(back).headers["Location"])
    assert "as often this month as Intuit allows" in page.text
    assert "Connect again on April 1" in page.text
    assert "minute" not in page.text
    assert connections() == 0


def test_the_free_plan_cannot_start(simulator, owner: Actor):
    owner.company.plan = Plan.FREE
    db.session.commit()
    assert owner.get(CONNECT).status_code == 403
    assert "part of Pro and Enterprise" in owner.get("/settings/integrations/quickbooks").text


@pytest.mark.parametrize("who", ["dispatcher", "technician"])
def test_only_an_owner_connects(simulator, who: str, request: pytest.FixtureRequest):
    actor: Actor = request.getfixturevalue(who)
    assert actor.get(CONNECT).status_code == 403
    assert actor.get("/settings/integrations/quickbooks").status_code == 403
    assert actor.get("/settings/integrations").status_code == 403


def test_disconnect_asks_first_then_stops_and_revokes(quickbooks: QuickBooks, owner: Actor):
    assert "stops sending" in owner.get("/settings/integrations/quickbooks/disconnect").text
    quickbooks.disconnect()
    connection = quickbooks.connection
    assert connection.state is ConnectionState.DISCONNECTED
    assert connection.access_token == connection.refresh_token == ""
    assert any(call["operation"] == "revoke" for call in quickbooks.simulator.calls())


def test_what_was_there_before_is_not_said_to_come_from_here(quickbooks: QuickBooks, owner: Actor):
    create(quickbooks, "Customer", DisplayName="Rivera HVAC")
    builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    owner.post("/settings/integrations/quickbooks/disconnect")
    assert "1 customer (also here)" in owner.get("/settings/integrations/quickbooks").text


def test_disconnect_works_although_intuit_refuses(quickbooks: QuickBooks):
    quickbooks.simulator.control("POST", "tokens", {"action": "revoke", "realm": quickbooks.realm})
    quickbooks.disconnect()
    assert quickbooks.connection.state is ConnectionState.DISCONNECTED


def test_another_company_starts_clean_and_the_first_comes_back(quickbooks_of, owner: Actor):
    first, second = quickbooks_of(owner), quickbooks_of(owner, AUTOMATED_TAX)
    one = first.walk_through_consent()
    first.disconnect()
    two = second.walk_through_consent()
    assert one.id != two.id
    second.disconnect()
    assert first.walk_through_consent().id == one.id
    assert db.session.query(Connection).filter(Connection.state != ConnectionState.DISCONNECTED).count() == 1


PAGES = ("", "/activity", "/items", "/tax-and-terms", "/matching", "/rehearsal", "/tie-out", "/preferences")
PAGES += ("/payments", "/classes", "/disconnect")
FRAGMENTS = ("/status", "/queue", "/last-days")


def test_no_page_shows_a_token(quickbooks: QuickBooks, owner: Actor):
    bill = builders.invoice(builders.customer(owner.company))
    quickbooks.drain()
    connection, page = quickbooks.connection, "/settings/integrations/quickbooks"
    sealed = (connection.access_token, connection.refresh_token)
    secrets = {*sealed, *(secrets_box().open(one) for one in sealed)}
    assert len(secrets - {""}) == 4
    history = f"/queue/{quickbooks.row(bill).id}"
    answers = [owner.get(f"{page}{tab}") for tab in (*PAGES, history)]
    answers += [owner.htmx("GET", f"{page}{part}") for part in FRAGMENTS]
    answers += [owner.get(place) for place in ("/settings/integrations", "/activity", f"/invoices/{bill.id}")]
    for answer in answers:
        assert answer.status_code == 200, answer.request.path
        assert [secret for secret in secrets if secret in answer.text] == [], answer.request.path
    assert connection.realm_id not in answers[0].text


@pytest.mark.parametrize("name", ["production", "sandbox"])
def test_the_panel_names_the_environment(app, owner: Actor, monkeypatch: pytest.MonkeyPatch, name: str):
    """That of the settings until somebody connects, then that of the connection."""
    page, words = "/settings/integrations/quickbooks", f"<dt>Environment</dt><dd>{name.capitalize()}</dd>"
    monkeypatch.setitem(app.config, "QUICKBOOKS_ENVIRONMENT", name)
    assert words in owner.get(page).text
    monkeypatch.setitem(app.config, "QUICKBOOKS_ENVIRONMENT", "sandbox")
    builders.connected(owner.company, environment=name)
    assert words in owner.get(page).text


def test_quickbooks_desktop_is_said_not_to_be_supported(app, owner: Actor):
    for address in ("/settings/integrations/quickbooks", "/help/connecting"):
        assert "QuickBooks Desktop is not supported." in owner.get(address).text, address
