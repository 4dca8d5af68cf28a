"""QuickBooks tells that something changed there: the row says so, and nothing flows back."""

import json
from datetime import timedelta

import pytest

from app.extensions import db, now, redis
from app.quickbooks.checks import daily
from app.quickbooks.models import TaskState
from simulator.webhooks.sending import signature
from tests.quickbooks import builders

ADDRESS = "/integrations/quickbooks/webhooks"
TOKEN = "verifier"


@pytest.fixture(autouse=True)
def token(app, monkeypatch):
    monkeypatch.setitem(app.config, "QUICKBOOKS_WEBHOOK_TOKEN", TOKEN)


@pytest.fixture
def client(app):
    """Intuit, whom nobody has signed in."""
    return app.test_client()


@pytest.fixture
def told(quickbooks, client):
    """One event, signed, about a record there; the status of the answer."""

    def tell(entity="invoice", remote_id="1", realm=None, at=None, sign=signature):
        event = {
            "specversion": "1.0",
            "type": f"qbo.{entity}.updated.v1",
            "time": (at or now()).isoformat(),
            "intuitentityid": remote_id,
            "intuitaccountid": realm or quickbooks.realm,
        }
        body = json.dumps([event]).encode()
        headers = {"intuit-signature": sign(body, TOKEN), "Content-Type": "application/json"}
        return client.post(ADDRESS, data=body, headers=headers).status_code

    return tell


@pytest.fixture
def is_due(quickbooks):
    def due() -> bool:
        db.session.expire_all()
        at = quickbooks.connection.check_due_at
        return at is not None and at <= now()

    return due


def test_a_bill_changed_there_says_so(quickbooks, bill, told, is_due, clock, work):
    clock.advance(minutes=30)
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "edit", TxnDate="2026-01-05")
    assert told(remote_id=quickbooks.invoice("INV-7")["Id"]) == 200
    assert is_due()
    redis().flushall()
    daily.queue_checks()
    work()
    task = quickbooks.row(bill)
    assert (task.state, task.problem) == (TaskState.ERROR, "different_there")
    assert quickbooks.invoice("INV-7")["TxnDate"] == "2026-01-05"
    assert not is_due()


def test_the_echo_of_our_own_write_is_passed_over(quickbooks, bill, told, is_due):
    assert told(remote_id=quickbooks.invoice("INV-7")["Id"], at=now() + timedelta(seconds=3)) == 200
    assert not is_due()


def test_what_a_payment_of_ours_changed_is_passed_over(quickbooks, bill, told, is_due, clock):
    clock.advance(minutes=30)
    builders.payment(bill, "40")
    quickbooks.drain()
    assert told(remote_id=quickbooks.invoice("INV-7")["Id"]) == 200
    assert not is_due()
    clock.advance(minutes=30)
    assert told(remote_id=quickbooks.invoice("INV-7")["Id"]) == 200
    assert is_due()


@pytest.mark.parametrize("event", [{"remote_id": "999"}, {"realm": "1"}, {"entity": "bill"}, {"realm": "x'"}])
def test_what_is_not_ours_changes_nothing(quickbooks, bill, told, is_due, clock, event):
    clock.advance(minutes=30)
    assert told(**event) == 200
    assert not is_due()


def test_only_what_intuit_signed_is_read(quickbooks, bill, told, is_due, clock):
    clock.advance(minutes=30)
    remote_id = quickbooks.invoice("INV-7")["Id"]
    assert told(remote_id=remote_id, sign=lambda body, _: signature(body, "another")) == 401
    assert told(remote_id=remote_id, sign=lambda body, _: signature(body + b" ", TOKEN)) == 401
    assert told(remote_id=remote_id, sign=lambda *_: "") == 401
    assert told(remote_id=remote_id, sign=lambda *_: "ü") == 401
    assert not is_due()


@pytest.mark.parametrize("body", [b" ", b"{}", b"[1]", b"[" * 50_000, b'[{"type": 5}]', b"\xff"])
def test_whatever_is_signed_is_answered(quickbooks, client, body):
    assert (
        client.post(ADDRESS, data=body, headers={"intuit-signature": signature(body, TOKEN)}).status_code
        == 200
    )


def test_a_large_body_is_refused(client):
    body = b" " * (512 * 1024 + 1)
    assert (
        client.post(ADDRESS, data=body, headers={"intuit-signature": signature(body, TOKEN)}).status_code
        == 413
    )


def test_without_a_token_nothing_is_there(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "QUICKBOOKS_WEBHOOK_TOKEN", "")
    assert (
        client.post(ADDRESS, data=b"[]", headers={"intuit-signature": signature(b"[]", "")}).status_code
        == 404
    )


def test_changed_settings_are_read_anew(quickbooks, told):
    assert quickbooks.connection.facts_read_at
    assert told(entity="preferences") == 200
    db.session.expire_all()
    assert quickbooks.connection.facts_read_at is None
