"""The QuickBooks page's queue: its three states, Retry, preferences, and who may touch them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.extensions import db, now, redis
from app.quickbooks import outbox
from app.quickbooks.models import ConnectionState, RecordKind, TaskState
from app.quickbooks.views import queue as views
from tests.people import Actor
from tests.quickbooks import builders

PAGE = "/settings/integrations/quickbooks"


@pytest.fixture
def connection(owner: Actor):
    return builders.connected(owner.company)


def queue(owner: Actor) -> str:
    return owner.htmx("GET", f"{PAGE}/queue").text


def test_empty(connection, owner: Actor):
    assert "Queue empty" in queue(owner)
    assert "every item synced" in queue(owner)
    assert "every 60s" in queue(owner)


def test_what_changes_while_it_is_read_is_asked_for_again_at_once(connection, owner: Actor, monkeypatch):
    """Read in part before a commit and in part after it, the queue would be untrue for a minute."""
    told = views.beside

    def slow(*asked):
        task = builders.task_of(connection, builders.customer(owner.company))
        builders.put_in(task, TaskState.ERROR)
        return told(*asked)

    monkeypatch.setattr(views, "beside", slow)
    assert "every 2s" in queue(owner)
    monkeypatch.undo()
    assert "every 60s" in queue(owner)


def test_in_progress_polls(connection, owner: Actor):
    builders.customer(owner.company)
    text = queue(owner)
    assert "Sync in progress" in text
    assert "<progress" in text
    assert "every 2s" in text


def test_backoff(connection, owner: Actor):
    for _ in range(2):
        task = builders.task_of(connection, builders.customer(owner.company))
        builders.put_in(
            task, TaskState.BACKOFF, due_at=now() + timedelta(minutes=5), message="QuickBooks was busy."
        )
    assert "2 items pending retry" in queue(owner)
    assert "items are in backoff" in queue(owner)


def test_errors_are_highlighted_with_words_a_remedy_and_the_money(connection, owner: Actor):
    bill = builders.invoice(builders.customer(owner.company), lines=(("Labor", "1", "1234.50"),))
    task = builders.task_of(connection, bill)
    builders.put_in(task, TaskState.ERROR, message="The number is taken.", remedy="Change it.")
    text = queue(owner)
    assert "Errors" in text
    assert "review the highlighted items" in text
    for words in (f"Invoice {bill.number}", "The number is taken.", "Change it.", "$1,234.50", "Retry"):
        assert words in text


def test_retry_queues_one_item(connection, owner: Actor):
    task = builders.put_in(builders.task_of(connection, builders.customer(owner.company)), TaskState.ERROR)
    answer = owner.htmx("POST", f"{PAGE}/queue/{task.id}/retry")
    db.session.refresh(task)
    assert (answer.status_code, task.state, task.by_hand) == (200, TaskState.QUEUED, True)


def test_sync_all_pending_leaves_backoff_alone_and_nudges(connection, owner: Actor):
    task = builders.task_of(connection, builders.customer(owner.company))
    builders.put_in(task, TaskState.BACKOFF, due_at=now() + timedelta(minutes=5))
    redis().flushall()
    owner.post(f"{PAGE}/queue/sync")
    db.session.refresh(task)
    assert task.state is TaskState.BACKOFF
    assert redis().llen("rq:queue:default") == 1


def test_another_companys_item_does_not_exist(connection, owner: Actor, stranger: Actor):
    task = builders.task_of(connection, builders.customer(owner.company))
    builders.connected(stranger.company, realm="9130350000000002")
    assert stranger.post(f"{PAGE}/queue/{task.id}/retry").status_code == 404
    assert stranger.get(f"{PAGE}/queue/{task.id}").status_code == 404


@pytest.mark.parametrize("who", ["dispatcher", "technician"])
@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", f"{PAGE}/queue"),
        ("POST", f"{PAGE}/queue/sync"),
        ("POST", f"{PAGE}/queue/1/retry"),
        ("GET", f"{PAGE}/queue/1"),
        ("POST", f"{PAGE}/preferences"),
        ("POST", f"{PAGE}/unsent"),
        ("POST", f"{PAGE}/disconnect"),
        ("GET", f"{PAGE}/disconnect"),
    ],
)
def test_the_owner_alone(connection, who: str, method: str, address: str, request: pytest.FixtureRequest):
    actor: Actor = request.getfixturevalue(who)
    assert actor.client.open(address, method=method).status_code == 403


def test_preferences_are_saved_and_catch_up(quickbooks, owner: Actor):
    connection = quickbooks.connection
    account = connection.facts["income_accounts"][0]["id"]
    owner.post(f"{PAGE}/preferences", {"income_account_id": account})
    db.session.refresh(connection.preferences)
    assert not connection.preferences.sync_customers
    assert connection.preferences.income_account_id == account
    person = builders.customer(owner.company)
    assert builders.task_of(connection, person) is None
    owner.post(f"{PAGE}/preferences", {"income_account_id": account, "sync_customers": "y"})
    assert builders.task_of(connection, person).state is TaskState.QUEUED


def test_an_account_that_is_not_offered_is_refused_beside_its_field(quickbooks, owner: Actor):
    answer = owner.post(f"{PAGE}/preferences", {"income_account_id": "99999", "sync_customers": "y"})
    assert answer.status_code == 422
    assert "is-invalid" in answer.text


def test_choosing_an_account_releases_what_waited_for_it(quickbooks, owner: Actor):
    connection = quickbooks.connection
    account, connection.preferences.income_account_id = connection.preferences.income_account_id, None
    db.session.commit()
    bill = builders.invoice(builders.customer(owner.company))
    quickbooks.drain()
    assert builders.task_of(connection, bill).state is TaskState.ERROR
    owner.post(
        f"{PAGE}/preferences", {"income_account_id": account, "sync_customers": "y", "sync_invoices": "y"}
    )
    quickbooks.drain()
    assert builders.task_of(connection, bill).state is TaskState.SYNCED


def test_invoices_made_while_disconnected_are_counted_and_offered(quickbooks, owner: Actor, clock):
    quickbooks.disconnect()
    clock.advance(hours=1)
    person = builders.customer(owner.company)
    for _ in range(2):
        builders.invoice(person, lines=(("Labor", "1", "150.25"),))
    quickbooks.connect()
    page = owner.get(PAGE).text
    assert "2 invoices, $300.50," in page
    quickbooks.drain()
    assert quickbooks.books("Invoice") == []
    owner.post(f"{PAGE}/unsent")
    quickbooks.drain()
    assert {Decimal(str(bill["TotalAmt"])) for bill in quickbooks.books("Invoice")} == {Decimal("150.25")}
    assert "were generated while" not in owner.get(PAGE).text


def test_what_changed_meanwhile_is_queued_by_itself_after_a_reconnect(quickbooks, owner: Actor, clock):
    person = builders.customer(owner.company)
    bill = builders.invoice(person)
    quickbooks.drain()
    quickbooks.disconnect()
    clock.advance(hours=1)
    builders.edit_customer(person, notes="moved")
    builders.edit_invoice(bill, notes="changed")
    quickbooks.connect()
    quickbooks.drain()
    assert quickbooks.books("Customer")[0]["Notes"] == "moved"
    assert quickbooks.books("Invoice")[0]["PrivateNote"] == "changed"
    assert len(quickbooks.books("Invoice")) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": ConnectionState.RECONNECT_NEEDED}, "Reconnect needed"),
        ({"pause_code": "subscription_lapsed"}, "Renew the subscription at Intuit"),
        ({"pause_code": "throttled"}, "asked for a short break"),
    ],
)
def test_a_standstill_is_explained(connection, owner: Actor, changes: dict, words: str):
    for name, value in changes.items():
        setattr(connection, name, value)
    if "pause_code" in changes:
        connection.paused_until = now() + timedelta(minutes=5)
    db.session.commit()
    assert words in owner.get(PAGE).text


def test_the_history_of_an_item(quickbooks, owner: Actor):
    person = builders.customer(owner.company)
    quickbooks.script(
        "fault", operation="customer.create", code="2050", message="Too long", detail="Max is 100."
    )
    quickbooks.drain()
    task = builders.task_of(quickbooks.connection, person)
    page = owner.get(f"{PAGE}/queue/{task.id}").text
    for words in ("Create", "Refused", "Max is 100.", "Code 2050", task.attempts_made[0].request_id):
        assert words in page


def test_a_dispatcher_may_push_one_invoice(quickbooks, dispatcher: Actor, technician: Actor, stranger: Actor):
    bill = builders.invoice(builders.customer(dispatcher.company), announce=False)
    assert technician.post(f"/invoices/{bill.id}/quickbooks").status_code == 403
    assert stranger.post(f"/invoices/{bill.id}/quickbooks").status_code == 404
    assert builders.task_of(quickbooks.connection, bill) is None
    assert dispatcher.post(f"/invoices/{bill.id}/quickbooks").status_code == 303
    db.session.expire_all()
    task = outbox.task_for(quickbooks.connection.id, RecordKind.INVOICE, bill.id)
    assert (task.state, task.by_hand) == (TaskState.QUEUED, True)


def test_a_push_that_is_not_offered_is_refused(owner: Actor):
    bill = builders.invoice(builders.customer(owner.company))
    assert owner.post(f"/invoices/{bill.id}/quickbooks?part=panel").location == f"/invoices/{bill.id}"
    page = owner.get(f"/invoices/{bill.id}").text
    assert f"Nothing was done about {bill.number}. Connect QuickBooks first" in page
    stale = owner.htmx("POST", f"/invoices/{bill.id}/quickbooks")
    assert stale.headers["HX-Redirect"] == "/invoices"
