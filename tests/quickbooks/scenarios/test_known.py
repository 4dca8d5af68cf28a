"""A list of what QuickBooks has spares the look-ups of new records, as long as webhooks tell of every change."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from app.extensions import db, now
from app.quickbooks.account import metering
from app.quickbooks.api.pace import Pace
from app.quickbooks.checks import webhooks
from app.quickbooks.lane import draining, known
from app.quickbooks.models import KnownRecord, RecordKind, SyncTask, TaskState
from devtools.waiting import wait_until
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.checkpoint import built_once


@built_once
def person(quickbooks, owner):
    """A customer whose first invoice is in QuickBooks."""
    record = builders.customer(owner.company, "Rivera HVAC")
    builders.invoice(record, number="FIRST")
    quickbooks.drain()
    return record


def told(quickbooks, entity: str, remote_id: str = "1") -> None:
    """A webhook of what was made or changed there."""
    db.session.rollback()
    event = {
        "type": f"qbo.{entity.lower()}.updated.v1",
        "time": now().isoformat(),
        "intuitentityid": remote_id,
        "intuitaccountid": quickbooks.realm,
    }
    webhooks.take(json.dumps([event]).encode())
    db.session.expire_all()


@pytest.fixture
def tell(quickbooks):
    return partial(told, quickbooks)


@pytest.fixture
def echo(quickbooks, tell, person):
    """The webhook of a write of ours."""
    return lambda: tell("Invoice", quickbooks.books("Invoice")[-1]["Id"])


@pytest.fixture
def listed(quickbooks, echo, person):
    """The list is read, with the first invoice after webhooks were heard."""
    echo()
    builders.invoice(person, number="SECOND")
    quickbooks.drain()
    echo()


@pytest.fixture
def reads(quickbooks):
    return lambda: metering.by_reason(quickbooks.realm, metering.month())


def sent_alone(quickbooks, person, number: str):
    bill = builders.invoice(person, number=number)
    quickbooks.drain()
    return bill


def test_one_invoice_after_the_other_costs_nothing(quickbooks, person, listed, echo, reads):
    before = reads()
    bills = []
    for number in range(5):
        bills.append(sent_alone(quickbooks, person, f"N-{number}"))
        echo()
    quickbooks.in_order(*bills)
    assert reads() == before


@pytest.mark.parametrize(
    ("entity", "record", "paid_before"),
    [("Payment", builders.payment, ()), ("RefundReceipt", builders.refund, ("100",))],
)
def test_money_costs_nothing(quickbooks, person, listed, tell, reads, entity, record, paid_before):
    quickbooks.switch_payments()
    bill = builders.sent_invoice(person, number="PAID")
    for amount in paid_before:
        builders.payment(bill, amount)
    made = [record(bill, "10")]
    quickbooks.drain()
    tell(entity, quickbooks.books(entity)[0]["Id"])
    made.append(record(bill, "20"))
    quickbooks.drain()
    before = reads()
    for _ in range(3):
        made.append(record(bill, "20"))
        quickbooks.drain()
    quickbooks.in_order(*made)
    assert reads() == before


def test_without_webhooks_each_is_looked_up(quickbooks, person, reads):
    before = reads().get("look-up", 0)
    sent_alone(quickbooks, person, "N-1")
    sent_alone(quickbooks, person, "N-2")
    assert reads()["look-up"] == before + 2
    assert "list of names" not in reads()


def test_webhooks_that_stopped_are_not_relied_on(quickbooks, person, listed, reads, clock):
    sent_alone(quickbooks, person, "N-1")
    clock.advance(minutes=11)
    before = reads().get("look-up", 0)
    sent_alone(quickbooks, person, "N-2")
    assert reads()["look-up"] == before + 1


def numbered(quickbooks, number: str) -> list[dict]:
    return [bill for bill in quickbooks.books("Invoice") if bill["DocNumber"] == number]


@pytest.fixture
def careless(quickbooks):
    """QuickBooks takes a number twice."""
    quickbooks.simulator.company(quickbooks.realm, warn_duplicate_numbers=False)


def enter(quickbooks, number: str) -> dict:
    """Somebody writes an invoice in QuickBooks itself."""
    there = quickbooks.invoice("FIRST")
    sold = {"ItemRef": there["Line"][0]["SalesItemLineDetail"]["ItemRef"]}
    line = {"Amount": 55, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": sold}
    return create(quickbooks, "Invoice", CustomerRef=there["CustomerRef"], DocNumber=number, Line=[line])


def test_a_number_that_a_bookkeeper_took_meanwhile_is_asked_about(quickbooks, person, listed, careless, tell):
    theirs = enter(quickbooks, "N-1")
    tell("Invoice", theirs["Id"])
    bill = sent_alone(quickbooks, person, "n-1")
    assert quickbooks.row(bill).problem == "doc_number_taken"
    assert len(numbered(quickbooks, "N-1")) == 1


def test_one_that_was_taken_before_anybody_listened(quickbooks, person, careless, echo):
    enter(quickbooks, "N-1")
    echo()
    sent_alone(quickbooks, person, "N-0")
    bill = sent_alone(quickbooks, person, "N-1")
    assert quickbooks.row(bill).problem == "doc_number_taken"
    assert len(numbered(quickbooks, "N-1")) == 1


def test_one_that_a_bookkeeper_renumbered(quickbooks, person, listed, careless, tell, clock):
    clock.advance(minutes=5)
    quickbooks.do("invoice", quickbooks.invoice("SECOND")["Id"], "edit", DocNumber="N-1")
    tell("Invoice", quickbooks.invoice("N-1")["Id"])
    bill = sent_alone(quickbooks, person, "N-1")
    assert quickbooks.row(bill).problem == "doc_number_linked"
    assert len(numbered(quickbooks, "N-1")) == 1


def test_the_same_money_that_somebody_recorded_is_adopted(quickbooks, person, listed, tell):
    quickbooks.switch_payments()
    bill = builders.sent_invoice(person, number="PAID")
    builders.payment(bill, "10")
    quickbooks.drain()
    paid = quickbooks.invoice("PAID")
    theirs = create(
        quickbooks,
        "Payment",
        TotalAmt=20,
        TxnDate=paid["TxnDate"],
        CustomerRef=paid["CustomerRef"],
        Line=[{"Amount": 20, "LinkedTxn": [{"TxnId": paid["Id"], "TxnType": "Invoice"}]}],
    )
    tell("Payment", theirs["Id"])
    payment = builders.payment(bill, "20")
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert len(quickbooks.books("Payment")) == 2


def test_a_customer_that_is_there_is_adopted(quickbooks, owner, listed, tell):
    theirs = create(quickbooks, "Customer", DisplayName="Ada Boyd")
    tell("Customer", theirs["Id"])
    ada = builders.customer(owner.company, "Ada Boyd")
    quickbooks.drain()
    quickbooks.in_order(ada)
    assert len([one for one in quickbooks.books("Customer") if one["DisplayName"] == "Ada Boyd"]) == 1


def test_after_a_reconnect_it_is_looked_again(quickbooks, person, listed, careless):
    enter(quickbooks, "N-1")  # nobody is told
    quickbooks.disconnect()
    quickbooks.connect()
    bill = sent_alone(quickbooks, person, "N-1")
    assert quickbooks.row(bill).state is TaskState.ERROR


@pytest.mark.parametrize("days", [1, 40])
def test_it_is_brought_up_to_date_after_a_while(quickbooks, person, listed, careless, echo, clock, days):
    clock.advance(days=days)
    enter(quickbooks, "N-1")
    echo()
    bill = sent_alone(quickbooks, person, "N-1")
    assert quickbooks.row(bill).problem == "doc_number_taken"
    assert len(numbered(quickbooks, "N-1")) == 1


def test_what_joins_others_does_not_ask_about_these(
    app, quickbooks, person, listed, tell, reads, monkeypatch
):
    """A webhook tells of an invoice whose answer has not come yet, while the next one is planned."""
    monkeypatch.setattr(Pace, "batches_left", lambda *_: 0)  # all in plain requests
    before, there = reads(), quickbooks.books("Invoice")
    for seconds in (2.0, 0.8):
        quickbooks.script("latency", operation="invoice.create", seconds=seconds)
    bills = [builders.invoice(person, number=number) for number in ("SLOW", "QUICK")]
    connection_id = quickbooks.connection.id
    db.session.commit()

    def work() -> None:
        with app.app_context():
            draining.drain(connection_id, go_on=lambda: True)

    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(work)
        wait_until(lambda: sending() == len(bills), "both are on the wire", every=0.02)
        for place in range(1, 3):
            tell("Invoice", str(int(there[-1]["Id"]) + place))
        bills.append(builders.invoice(person, number="THIRD"))
        db.session.commit()
        job.result()
    db.session.expire_all()
    quickbooks.in_order(*bills)
    assert len(quickbooks.books("Invoice")) == len(there) + len(bills)
    assert reads() == before


def sending() -> int:
    db.session.rollback()
    return db.session.query(SyncTask).filter_by(state=TaskState.SENDING).count()


def test_a_webhook_that_comes_late_takes_nothing_back(quickbooks):
    """A list that was read between the two has only what the first told of."""
    later, number = now(), (RecordKind.INVOICE, "77")
    for moment in (later, later - timedelta(minutes=1)):
        known.hear(quickbooks.connection.id, {number: moment})
        db.session.commit()
    row = db.session.query(KnownRecord).filter_by(remote_id="77").one()
    assert row.heard_at == later
