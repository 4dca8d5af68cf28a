"""The owner disconnects, or the plan changes, in the middle of a push: nothing more is sent, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app.accounts.models import Plan
from app.customers.records import CustomerData, create_customers, update_customer
from app.extensions import db
from app.invoices.payments import take_back
from app.quickbooks.lane import draining
from app.quickbooks.lane.room import BATCH_SIZE, BATCHES_OUT
from app.quickbooks.models import ConnectionState, PushBatch, RemoteLink, SyncTask, TaskState
from devtools.waiting import wait_until
from tests.locks import somebody_waits
from tests.quickbooks import builders
from tests.realms import AUTOMATED_TAX

ONE_WAVE = BATCHES_OUT * BATCH_SIZE
MANY = ONE_WAVE + 60  # more than go along in plain requests


@pytest.fixture
def many(quickbooks, owner):
    create_customers(owner.company, [CustomerData(name=f"Customer {number:03}") for number in range(MANY)])
    db.session.commit()


def drain_until_on_the_wire(app, quickbooks, then) -> None:
    """Run the lane beside the test, and do `then` while its first wave waits for answers."""
    connection_id = quickbooks.connection.id
    quickbooks.script("latency", operation="batch", seconds=1.0, times=None)
    db.session.commit()

    def work() -> None:
        with app.app_context():
            draining.drain(connection_id, go_on=lambda: True)

    def on_the_wire() -> bool:
        db.session.rollback()
        return db.session.query(PushBatch).count() > 0

    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(work)
        wait_until(on_the_wire, "a batch is written down")
        then()
        job.result()
    db.session.expire_all()


def counts() -> dict[TaskState, int]:
    rows = db.session.query(SyncTask.state, db.func.count()).group_by(SyncTask.state).all()
    return dict(tuple(row) for row in rows)


def test_disconnect(app, quickbooks, many):
    drain_until_on_the_wire(app, quickbooks, quickbooks.disconnect)
    assert quickbooks.connection.state is ConnectionState.DISCONNECTED
    there = len(quickbooks.books("Customer"))  # Intuit may have refused the wave: its access ended meanwhile
    assert there <= ONE_WAVE
    assert counts().get(TaskState.SYNCED, 0) == db.session.query(RemoteLink).count() == there
    assert counts()[TaskState.QUEUED] == MANY - there
    quickbooks.connect()
    quickbooks.drain()
    assert len(quickbooks.books("Customer")) == MANY


def test_an_invoice_changed_while_its_first_push_is_unanswered_is_pushed_again(quickbooks, owner, clock):
    person = builders.customer(owner.company)
    builders.invoice(person)
    quickbooks.drain()
    bill = builders.invoice(person)
    quickbooks.script("cut_after", operation="invoice.create")
    quickbooks.drain()
    quickbooks.disconnect()
    builders.edit_invoice(bill, notes="Gate code 4711")
    quickbooks.connect()
    clock.advance(minutes=5)
    quickbooks.drain()
    (there,) = (record for record in quickbooks.books("Invoice") if record["DocNumber"] == bill.number)
    assert there["PrivateNote"] == "Gate code 4711"


def test_a_payment_taken_back_while_its_push_is_unanswered_is_void_there(quickbooks, owner, clock):
    bill = builders.sent_invoice(builders.customer(owner.company))
    quickbooks.drain()
    quickbooks.switch_payments()
    payment = builders.payment(bill, "40")
    quickbooks.script("cut_after", operation="payment.create")
    quickbooks.drain()
    quickbooks.disconnect()
    take_back(payment)
    db.session.commit()
    quickbooks.connect()
    for _ in range(2):
        clock.advance(minutes=5)
        quickbooks.drain()
    assert [one["TotalAmt"] for one in quickbooks.books("Payment")] == [0]


def test_settings_that_a_reconnect_could_not_read_are_read_before_anything_is_sent(quickbooks):
    quickbooks.disconnect()
    quickbooks.script("maintenance", operation="query", times=None)
    assert quickbooks.connect().facts_read_at is None


def test_a_save_that_began_before_the_reconnect_is_not_missed(app, quickbooks, owner, clock):
    person = builders.customer(owner.company)
    quickbooks.drain()
    quickbooks.disconnect()
    clock.advance(minutes=1)
    update_customer(person, replace(CustomerData.of(person), notes="Gate code 4711"))

    def connect() -> None:
        with app.app_context():
            quickbooks.connect()

    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(connect)
        wait_until(somebody_waits, "the reconnect waits for the save")
        db.session.commit()
        job.result()
    quickbooks.drain()
    (there,) = quickbooks.books("Customer")
    assert there["Notes"] == "Gate code 4711"


def test_down_to_free_and_back(app, quickbooks, many, owner):
    def choose(plan: Plan) -> None:
        owner.post("/settings/plan", {"plan": plan.value})

    drain_until_on_the_wire(app, quickbooks, lambda: choose(Plan.FREE))
    assert len(quickbooks.books("Customer")) == ONE_WAVE
    quickbooks.drain()
    assert len(quickbooks.books("Customer")) == ONE_WAVE
    choose(Plan.PRO)
    quickbooks.drain()
    assert len(quickbooks.books("Customer")) == MANY


def test_another_company_gets_its_own_records_and_the_first_finds_its_own_again(
    quickbooks, quickbooks_of, owner
):
    person = builders.customer(owner.company)
    bill = builders.invoice(person)
    quickbooks.drain()
    quickbooks.disconnect()
    other = quickbooks_of(owner, AUTOMATED_TAX)
    before = len(other.books("Customer"))
    other.connect()
    owner.post(f"/invoices/{bill.id}/quickbooks")
    other.drain()
    assert len(other.books("Customer")) == before + 1
    assert bill.number in {there["DocNumber"] for there in other.books("Invoice")}
    other.disconnect()
    quickbooks.connect()
    builders.edit_customer(person, notes="back again")
    quickbooks.drain()
    (only,) = quickbooks.books("Customer")
    assert only["Notes"] == "back again"
    assert len(quickbooks.books("Invoice")) == 1
