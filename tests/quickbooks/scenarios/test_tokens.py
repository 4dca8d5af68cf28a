"""Tokens run out, are renewed by one at a time, and are believed dead only when they are."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from app.extensions import db, now, secrets_box
from app.lib.secrets_box import SecretsBox
from app.quickbooks import orders
from app.quickbooks.account import access, standstill, tokens
from app.quickbooks.account.renewal import queue_renewals
from app.quickbooks.api import oauth
from app.quickbooks.catalogue.keys import COMPANY_RESET
from app.quickbooks.models import ConnectionState, TaskState
from app.quickbooks.pages import overview
from devtools.waiting import wait_until
from tests.quickbooks import builders


def token_calls(quickbooks) -> list[dict]:
    return [call for call in quickbooks.simulator.calls() if call["operation"] == "token"]


def expire(quickbooks, action: str) -> None:
    quickbooks.simulator.control("POST", "tokens", {"action": action, "realm": quickbooks.realm})


def test_a_refused_token_is_renewed_once_and_the_batch_sent_again(quickbooks, owner):
    people = [builders.customer(owner.company) for _ in range(4)]
    expire(quickbooks, "expire_access")
    before = len(quickbooks.simulator.calls())
    quickbooks.drain()
    quickbooks.in_order(*people)
    assert len(quickbooks.books("Customer")) == 4
    since = quickbooks.simulator.calls()[before:]
    assert [call["status"] for call in since if call["operation"] == "token"] == [200]
    assert [call["status"] for call in since if call["operation"] == "batch"] == [401, 200]


@pytest.mark.parametrize(
    ("effect", "code"), [("fault", "100"), ("xml_fault", "100"), ("gateway_fault", "110"), ("fault", "120")]
)
@pytest.mark.parametrize("many", [False, True])
def test_a_write_goes_after_the_renewal_under_the_same_request_id(quickbooks, owner, effect, code, many):
    people = [builders.customer(owner.company) for _ in range(12 if many else 1)]
    operation = "batch" if many else "customer.create"
    quickbooks.script(effect, operation=operation, code=code)
    quickbooks.drain()
    quickbooks.in_order(*people)
    calls = [call for call in quickbooks.simulator.calls() if call["operation"] == operation]
    assert [call["status"] for call in calls] == [401, 200]
    assert len({call["requestid"] for call in calls}) == 1


def test_it_is_renewed_ahead_of_its_end(quickbooks, owner, clock):
    builders.customer(owner.company)
    clock.advance(minutes=56)
    before = len(token_calls(quickbooks))
    quickbooks.drain()
    assert len(token_calls(quickbooks)) == before + 1
    assert all(call["status"] == 200 for call in quickbooks.simulator.calls())


def test_many_who_want_a_new_token_make_one_request(quickbooks, app):
    connection_id = quickbooks.connection.id
    stale = secrets_box().open(quickbooks.connection.access_token)
    before = len(token_calls(quickbooks))
    db.session.commit()

    def renew(_: int) -> str:
        with app.app_context():
            return access.renew(connection_id, stale)

    with ThreadPoolExecutor(8) as pool:
        renewed = set(pool.map(renew, range(8)))
    assert len(renewed) == 1
    assert renewed != {stale}
    assert len(token_calls(quickbooks)) == before + 1


def test_withdrawn_access_asks_to_reconnect_and_keeps_the_queue(quickbooks, owner, clock):
    person = builders.customer(owner.company)
    expire(quickbooks, "revoke")
    quickbooks.drain()
    assert quickbooks.connection.state is ConnectionState.CONNECTED  # one invalid_grant may be an outage
    clock.advance(seconds=90)
    quickbooks.drain()
    assert quickbooks.connection.state is ConnectionState.RECONNECT_NEEDED
    assert builders.task_of(quickbooks.connection, person).state is TaskState.QUEUED
    assert "Reconnect" in overview.notice(quickbooks.connection).title
    quickbooks.connect()
    quickbooks.drain()
    assert builders.task_of(quickbooks.connection, person).state is TaskState.SYNCED


def test_wrong_app_credentials_never_cost_the_connection(quickbooks, owner, clock, app):
    builders.customer(owner.company)
    expire(quickbooks, "expire_access")
    app.config["QUICKBOOKS_CLIENT_SECRET"] = "wrong"
    try:
        for _ in range(3):
            quickbooks.drain()
            clock.advance(minutes=2)
    finally:
        app.config["QUICKBOOKS_CLIENT_SECRET"] = "test-secret"
    assert quickbooks.connection.state is ConnectionState.CONNECTED
    assert quickbooks.connection.pause_code == "invalid_client"
    quickbooks.drain()
    assert len(quickbooks.books("Customer")) == 1


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        ({"effect": "status", "status": 401}, "invalid_client"),
        ({"effect": "fault", "code": "unauthorized_client"}, "token_request_refused"),
        ({"effect": "fault", "code": "invalid_request"}, "token_request_refused"),
    ],
)
def test_what_the_operator_has_to_mend_is_no_outage(quickbooks, owner, clock, trouble, code):
    """And costs no connection either: what waits goes on when it is mended."""
    builders.customer(owner.company)
    expire(quickbooks, "expire_access")
    quickbooks.simulator.script(operation="token", **trouble)
    quickbooks.drain()
    assert quickbooks.connection.pause_code == code
    assert "This is ours to mend." in overview.notice(quickbooks.connection).remedy
    clock.advance(minutes=10)
    quickbooks.drain()
    assert len(quickbooks.books("Customer")) == 1


@pytest.mark.parametrize("effect", ["maintenance", "cut_before"])
def test_a_token_endpoint_in_trouble_is_tried_later(quickbooks, owner, clock, effect):
    builders.customer(owner.company)
    expire(quickbooks, "expire_access")
    quickbooks.simulator.script(effect=effect, operation="token")
    quickbooks.drain()
    assert quickbooks.connection.paused_until > now()
    clock.advance(minutes=1)
    quickbooks.drain()
    assert len(quickbooks.books("Customer")) == 1


def test_tokens_are_sealed_at_rest(quickbooks):
    stored = quickbooks.connection.access_token + quickbooks.connection.refresh_token
    opened = secrets_box().open(quickbooks.connection.access_token)
    assert opened not in stored


def retire_the_key(quickbooks) -> None:
    """What is stored was sealed with a key that the app no longer has."""
    connection = quickbooks.connection
    connection.access_token = connection.refresh_token = SecretsBox([Fernet.generate_key().decode()]).seal(
        "x"
    )
    db.session.commit()


def test_tokens_that_no_key_opens_ask_to_reconnect(app, quickbooks, owner):
    person = builders.customer(owner.company)
    retire_the_key(quickbooks)
    assert owner.get("/settings/integrations/quickbooks/items").status_code == 200
    quickbooks.drain()
    assert quickbooks.connection.state is ConnectionState.RECONNECT_NEEDED
    assert "can no longer open" in owner.get("/settings/integrations/quickbooks").text
    assert owner.post("/settings/integrations/quickbooks/tax-and-terms").status_code < 500
    result = app.test_cli_runner().invoke(args=["quickbooks", "audit"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    quickbooks.connect()
    quickbooks.drain()
    quickbooks.in_order(person)


def test_tokens_that_no_key_opens_do_not_hinder_a_disconnect(quickbooks, owner):
    retire_the_key(quickbooks)
    answer = owner.post("/settings/integrations/quickbooks/disconnect")
    assert answer.status_code < 400
    assert quickbooks.connection.state is ConnectionState.DISCONNECTED


def test_nothing_is_written_down_for_the_wire_without_a_token(quickbooks, owner, clock):
    person = builders.customer(owner.company)
    quickbooks.drain()
    builders.edit_customer(person, phone="207 555 0101")
    clock.advance(minutes=56)
    quickbooks.simulator.script(effect="status", status=503, operation="token", times=None)
    quickbooks.drain()
    row = quickbooks.row(person)
    assert row.state is TaskState.QUEUED
    assert [attempt.outcome for attempt in row.attempts_made] == ["accepted"]


def test_the_end_of_the_consent_is_stored_and_no_renewal_moves_it(quickbooks, owner, clock):
    ends_at = quickbooks.connection.authorization_ends_at
    assert timedelta(days=1824) < ends_at - now() <= timedelta(days=1825)
    clock.advance(hours=2)
    quickbooks.simulator.control("POST", "clock", {"advance_seconds": 7200})
    access.token(quickbooks.connection.id)
    assert abs(quickbooks.connection.authorization_ends_at - ends_at) < timedelta(minutes=1)


@pytest.mark.parametrize("end", ["refresh_expires_at", "authorization_ends_at"])
def test_the_page_warns_ninety_days_before_either_end(quickbooks, end: str):
    connection = quickbooks.connection
    assert overview.notice(connection) is None
    setattr(connection, end, now() + timedelta(days=91))
    assert overview.notice(connection) is None
    setattr(connection, end, now() + timedelta(days=89))
    notice = overview.notice(connection)
    assert (notice.title, notice.stops) == ("Access ends soon", False)
    assert ("five years" in notice.sentence) == (end == "authorization_ends_at")


def test_nobody_asks_again_within_the_minute(quickbooks, owner, clock):
    """Contract section 1.5: one later, serial attempt; more of them may cost a refresh token that is still good."""
    builders.customer(owner.company)
    expire(quickbooks, "revoke")
    quickbooks.drain()
    asked = len(token_calls(quickbooks))
    clock.advance(seconds=31)
    quickbooks.drain()
    with pytest.raises(tokens.TokenUnavailable, match="authorization_doubtful"):
        access.token(quickbooks.connection.id)
    assert len(token_calls(quickbooks)) == asked
    assert quickbooks.connection.paused_until == now() + timedelta(seconds=29)
    clock.advance(seconds=29)
    quickbooks.drain()
    assert len(token_calls(quickbooks)) == asked + 1
    assert quickbooks.connection.state is ConnectionState.RECONNECT_NEEDED


def renewed_beside(app, quickbooks, then) -> str:
    """Have the tokens renewed, and do `then` while Intuit is asked. What came of it."""
    connection_id = quickbooks.connection.id
    stale = secrets_box().open(quickbooks.connection.access_token)
    db.session.commit()
    quickbooks.simulator.script(effect="latency", operation="token", seconds=1.5)

    def renew() -> str:
        with app.app_context():
            try:
                return access.renew(connection_id, stale)
            except tokens.TokenError as error:
                return type(error).__name__

    def is_asked() -> bool:
        db.session.rollback()
        return quickbooks.connection.refreshing_until is not None

    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(renew)
        wait_until(is_asked, "the renewal is on the wire")
        then()
        return job.result()


def revokes(quickbooks) -> list[int]:
    return [call["status"] for call in quickbooks.simulator.calls() if call["operation"] == "revoke"]


def test_a_disconnect_during_a_renewal_ends_the_newest_grant(quickbooks, app):
    """The token that the disconnect revokes is dead already: Intuit answers 400 and keeps the new one alive."""
    quickbooks.simulator.script(effect="status", status=400, operation="revoke")
    assert renewed_beside(app, quickbooks, quickbooks.disconnect) == "NotConnected"
    assert revokes(quickbooks) == [400, 200]
    assert quickbooks.connection.access_token == ""


def test_connected_anew_during_a_renewal_nothing_is_revoked(quickbooks, app):
    """With one grant of a company Intuit ends them all (contract section 1.7)."""
    quickbooks.simulator.script(effect="status", status=400, operation="revoke")

    def anew() -> None:
        quickbooks.disconnect()
        quickbooks.connect()

    assert renewed_beside(app, quickbooks, anew) == "TokenUnavailable"
    assert revokes(quickbooks) == [400]
    assert quickbooks.connection.state is ConnectionState.CONNECTED


def test_forgotten_and_connected_anew_during_a_renewal_nothing_is_revoked(quickbooks, app):
    """What was reset keeps no realm; the realm itself is linked again."""
    standstill.pause(quickbooks.connection.id, COMPANY_RESET, now() + timedelta(hours=1))
    db.session.commit()
    quickbooks.simulator.script(effect="status", status=400, operation="revoke")

    def anew() -> None:
        orders.disconnect(quickbooks.connection, forget=True)
        quickbooks.connect()

    assert renewed_beside(app, quickbooks, anew) == "NotConnected"
    assert revokes(quickbooks) == [400]


def test_an_end_that_stays_is_stored_once(quickbooks, clock):
    """Intuit names whole seconds to go, and its answer takes a moment: each renewal would move the end a little."""
    connection = quickbooks.connection
    granted = oauth.Tokens("a", "r", 3600, 30 * 86400, 30 * 86400)
    tokens.store(connection, granted)
    first = connection.refresh_expires_at
    clock.advance(seconds=3600.4)
    tokens.store(
        connection, replace(granted, refresh_expires_in=30 * 86400 - 3600, hard_expires_in=30 * 86400 - 3601)
    )
    assert (connection.refresh_expires_at, connection.authorization_ends_at) == (first, first)
    tokens.store(connection, replace(granted, refresh_expires_in=100 * 86400))
    assert connection.refresh_expires_at == now() + timedelta(days=100)
    assert connection.authorization_ends_at == now() + timedelta(days=30)


def test_a_first_refusal_is_confirmed_by_a_job(quickbooks, clock, work):
    """Nothing is queued, so no lane would ask again."""
    expire(quickbooks, "revoke")
    stale = secrets_box().open(quickbooks.connection.access_token)
    with pytest.raises(tokens.TokenUnavailable):
        access.renew(quickbooks.connection.id, stale)
    assert queue_renewals() == []
    clock.advance(seconds=61)
    assert queue_renewals() == [quickbooks.connection.id]
    work()
    db.session.expire_all()
    assert quickbooks.connection.state is ConnectionState.RECONNECT_NEEDED
