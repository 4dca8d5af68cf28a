"""One state, word and badge for a record, whichever page shows it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.accounts.models import Plan
from app.extensions import db, now
from app.quickbooks.models import ConnectionState, TaskState
from app.quickbooks.pages import actions
from tests.people import Actor
from tests.quickbooks import builders


def words(owner: Actor, bill) -> str:
    return actions.row_actions(owner.company, [bill])[bill.id].standing.words


@pytest.mark.parametrize(
    ("state", "problem", "said"),
    [
        (TaskState.QUEUED, "", "Queued"),
        (TaskState.SENDING, "", "Queued"),
        (TaskState.CHECKING, "", "Queued"),
        (TaskState.BACKOFF, "no_answer", "Trying again"),
        (TaskState.ERROR, "no_income_account", "Needs you"),
        (TaskState.ERROR, "needed_record_failed", "Waits for another"),
        (TaskState.ERROR, "changed_in_quickbooks", "Changed there"),
        (TaskState.SYNCED, "", "In QuickBooks"),
        (TaskState.SKIPPED, "", "Left out"),
    ],
)
def test_list_and_record_say_the_same(owner: Actor, state: TaskState, problem: str, said: str):
    connection = builders.connected(owner.company)
    bill = builders.invoice(builders.customer(owner.company))
    builders.put_in(builders.task_of(connection, bill), state, problem=problem)
    if state is TaskState.SYNCED:
        builders.link(connection, bill)
    badge = f'data-standing="{said}"'
    assert badge in owner.get("/invoices").text
    assert badge in owner.get(f"/invoices/{bill.id}").text


def test_what_was_never_sent_says_so(owner: Actor):
    builders.connected(owner.company)
    bill = builders.invoice(builders.customer(owner.company), announce=False)
    assert words(owner, bill) == "Not sent"


def test_a_standstill_shows_on_what_waits(owner: Actor):
    connection = builders.connected(owner.company)
    bill = builders.invoice(builders.customer(owner.company))
    connection.paused_until = now() + timedelta(hours=1)
    assert words(owner, bill) == "Queued · paused"
    connection.paused_until, owner.company.plan = None, Plan.FREE
    assert words(owner, bill) == "Queued · paused"
    connection.state = ConnectionState.RECONNECT_NEEDED
    assert words(owner, bill) == "Queued · reconnect needed"


def test_a_disconnect_forgets_no_badge(owner: Actor):
    connection = builders.connected(owner.company)
    sent, waiting = (builders.invoice(builders.customer(owner.company)) for _ in range(2))
    builders.put_in(builders.task_of(connection, sent), TaskState.SYNCED)
    builders.link(connection, sent)
    connection.state, connection.disconnected_at = ConnectionState.DISCONNECTED, now()
    db.session.commit()
    assert words(owner, sent) == "In QuickBooks"
    assert words(owner, waiting) == "Queued · disconnected"
    assert "This invoice is in QuickBooks." in owner.get(f"/invoices/{sent.id}").text
    assert 'data-standing="Queued"' in owner.get(f"/customers/{waiting.customer_id}").text


def test_money_that_is_open_there_alone_is_said_in_the_list(owner: Actor):
    connection = builders.connected(owner.company)
    bill = builders.sent_invoice(builders.customer(owner.company))
    builders.payment(bill, str(bill.total))
    builders.put_in(builders.task_of(connection, bill), TaskState.SYNCED)
    builders.link(connection, bill, Balance=Decimal("521.83"))
    assert words(owner, bill) == "In QuickBooks · $521.83 open there"


def test_who_has_no_settings_is_told_whom_to_ask(owner: Actor):
    bill = builders.invoice(builders.customer(owner.company))
    action = actions.row_actions(owner.company, [bill], is_owner=False)[bill.id]
    assert action.why_not == "Ask an Owner: QuickBooks is not connected."
