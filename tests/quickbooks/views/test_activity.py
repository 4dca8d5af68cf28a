"""What people decide about QuickBooks is written down, and a record's page tells it with its tries."""

import pytest
from sqlalchemy import select

from app.activity.models import Activity, ActivityKind
from app.extensions import db
from app.invoices.lifecycle import mark_sent
from app.quickbooks.models import TaskState
from tests.activity.events import changes_of, texts
from tests.quickbooks import builders

PAGE = "/settings/integrations/quickbooks"


@pytest.fixture
def connection(owner):
    return builders.connected(owner.company)


@pytest.fixture
def bill(connection, owner):
    return builders.invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-7")


def newest(kind: ActivityKind) -> Activity:
    return db.session.scalars(select(Activity).filter_by(kind=kind).order_by(Activity.id.desc())).first()


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (TaskState.ERROR, "retried the sync"),
        (TaskState.BACKOFF, "retried the sync"),
        (TaskState.SKIPPED, "took it back into the sync"),
    ],
)
def test_a_retry_is_noted_on_its_record(connection, bill, owner, state, text):
    task = builders.put_in(builders.task_of(connection, bill), state)
    owner.post(f"{PAGE}/queue/{task.id}/retry")
    event = newest(ActivityKind.SYNC)
    assert (event.text, event.record_kind, event.record_id, event.record_name) == (
        text,
        "invoice",
        bill.id,
        "INV-7",
    )
    assert event.user_id == owner.user_id


def test_the_money_of_an_invoice_is_noted_on_the_invoice(connection, bill, owner):
    connection.preferences.sync_payments = True
    mark_sent(bill)
    payment = builders.payment(bill, "10")
    task = builders.put_in(builders.task_of(connection, payment), TaskState.ERROR)
    owner.post(f"{PAGE}/queue/{task.id}/retry")
    event = newest(ActivityKind.SYNC)
    assert (event.text, event.record_id) == ("retried the sync, its payment", bill.id)


def test_a_refused_answer_notes_nothing(connection, bill, owner):
    task = builders.put_in(builders.task_of(connection, bill), TaskState.ERROR)
    assert owner.post(f"{PAGE}/queue/{task.id}/link").status_code == 422
    assert newest(ActivityKind.SYNC) is None


def test_leaving_out_tells_the_reason(connection, bill, owner):
    owner.post(f"{PAGE}/records/invoice/{bill.id}/leave-out", {"reason": "paid in cash"})
    assert newest(ActivityKind.SYNC).text == "left it out of QuickBooks: paid in cash"
    assert "left it out of QuickBooks: paid in cash" in owner.get(f"/invoices/{bill.id}").text


def test_the_preferences_say_what_changed(connection, owner):
    for _ in range(2):
        owner.post(f"{PAGE}/preferences", {"sync_customers": "y", "income_account_id": "79"})
    events = [event for event in texts() if event == "changed the sync preferences"]
    assert len(events) == 1
    assert changes_of(newest(ActivityKind.QUICKBOOKS))[0] == "Invoices: yes → no"


def test_connecting_disconnecting_and_the_tries(quickbooks, owner):
    customer = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.walk_through_consent()
    quickbooks.drain()
    page = owner.get(f"/customers/{customer.id}").text
    assert "The new customer reached QuickBooks" in page
    owner.post(f"{PAGE}/disconnect")
    about_quickbooks = [event for event in texts() if "connected" in event]
    assert about_quickbooks[0].startswith("connected QuickBooks")
    assert about_quickbooks[-1].startswith("disconnected QuickBooks")


def test_another_companys_tries_are_not_told(quickbooks, owner, stranger):
    customer = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.walk_through_consent()
    quickbooks.drain()
    theirs = builders.customer(stranger.company, "Theirs")
    builders.connected(stranger.company, realm="9130350000000002")
    assert "reached QuickBooks" in owner.get(f"/customers/{customer.id}").text
    quickbooks.row(customer).record_id = theirs.id  # the same number, on our connection
    db.session.commit()
    assert "reached QuickBooks" not in stranger.get(f"/customers/{theirs.id}").text
