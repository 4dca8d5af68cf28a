"""Reads fail too while doubts are settled: what was read is kept, and the lane goes on."""

from threading import Thread

import pytest

from app.extensions import db
from app.quickbooks import orders
from app.quickbooks.account.gateway import client_for
from app.quickbooks.lane import batches, recovery
from app.quickbooks.models import BatchState, PushBatch, RecordKind, TaskState
from tests.quickbooks import builders
from tests.quickbooks.checkpoint import built_once
from tests.quickbooks.conftest import SERVER_LIMIT


def calls(quickbooks, operation: str) -> int:
    return len([call for call in quickbooks.simulator.calls() if call["operation"] == operation])


@built_once
def bills(quickbooks, owner):
    """Thirty that are in QuickBooks, and whose next edit travels in one batch."""
    person = builders.customer(owner.company)
    records = [builders.invoice(person) for _ in range(30)]
    quickbooks.drain()
    return records


def lose_thirty_updates(quickbooks, bills, effect: str = "cut_after") -> None:
    for bill in bills:
        builders.edit_invoice(bill, notes="Gate code 4711")
    quickbooks.script(effect, operation="batch")
    quickbooks.drain()


def test_thirty_lost_updates_are_read_in_one_query(quickbooks, bills, clock):
    lose_thirty_updates(quickbooks, bills)
    clock.advance(seconds=5)
    before = len(quickbooks.simulator.calls())
    quickbooks.drain()
    reads = [
        call["operation"]
        for call in quickbooks.simulator.calls()[before:]
        if call["operation"] in ("query", "invoice.read")
    ]
    assert reads == ["query"]
    quickbooks.in_order(*bills)


@pytest.mark.parametrize("effect", ["cut_after", "cut_before"])
@pytest.mark.parametrize("trouble", [{"effect": "html", "status": 503}, {"effect": "fault", "code": "10000"}])
def test_they_are_settled_soon_though_every_fifth_read_fails(quickbooks, bills, clock, effect, trouble):
    lose_thirty_updates(quickbooks, bills, effect)
    quickbooks.script(operation="read", times=None, probability=0.2, seed=1, **trouble)  # meets the first one
    for _ in range(6):
        clock.advance(minutes=1)
        quickbooks.drain()
    assert "query" in {hit["operation"] for call in quickbooks.simulator.calls() for hit in call["struck"]}
    quickbooks.in_order(*bills)
    assert {bill["PrivateNote"] for bill in quickbooks.books("Invoice")} == {"Gate code 4711"}


def test_one_failed_look_up_does_not_pause_the_company(quickbooks, bills, owner, clock):
    lost = builders.invoice(bills[0].customer)
    quickbooks.script("cut_before", operation="invoice.create")
    quickbooks.drain()
    quickbooks.script("html", status=503, operation="query", times=2)
    clock.advance(seconds=5)
    builders.edit_invoice(bills[0], notes="goes meanwhile")
    quickbooks.drain()
    quickbooks.in_order(bills[0])
    assert quickbooks.row(lost).state is TaskState.CHECKING
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    quickbooks.in_order(lost)


def test_one_deleted_meanwhile_is_told_so_and_the_others_go_on(quickbooks, bills, clock):
    lose_thirty_updates(quickbooks, bills)
    gone = quickbooks.invoice(bills[3].number)
    quickbooks.do("invoice", gone["Id"], "delete")
    clock.advance(seconds=5)
    quickbooks.drain()
    assert quickbooks.row(bills[3]).problem == "remote_deleted"
    quickbooks.in_order(*(bill for bill in bills if bill is not bills[3]))


def test_what_was_settled_while_it_was_looked_up_is_not_sent_again(quickbooks, bills, clock, app):
    """The first sender's answer comes in late, just while recovery asks."""
    quickbooks.simulator.settings(requestid_memory_seconds=0)
    builders.invoice(bills[0].customer)
    quickbooks.script("cut_before", operation="invoice.create")
    quickbooks.drain()
    clock.advance(seconds=SERVER_LIMIT)
    (batch_id,) = db.session.scalars(db.select(PushBatch.id).filter_by(state=BatchState.WRITTEN))
    connection_id = quickbooks.connection.id
    db.session.commit()
    before = calls(quickbooks, "invoice.create")
    asked = calls(quickbooks, "query")
    quickbooks.script("latency", seconds=1.5, operation="query")

    def look_up() -> None:
        with app.app_context():
            recovery.check(batch_id, client_for(connection_id))

    thread = Thread(target=look_up)
    thread.start()
    while db.session.scalar(db.select(PushBatch.checks).filter_by(id=batch_id)) == 0:
        db.session.rollback()
    batches.close(batches.lock_open(batch_id))
    db.session.commit()
    thread.join()
    assert calls(quickbooks, "query") == asked + 2  # by its number, then among the latest
    assert calls(quickbooks, "invoice.create") == before


NEVER = [{"effect": "fault", "code": "5020"}, {"effect": "fault", "code": "10000"}]


def look_for_long(quickbooks, clock, been_looked_up: int = 99) -> None:
    """Until a hundred times: eight hours, most of which are over."""
    db.session.query(PushBatch).filter_by(state=BatchState.WRITTEN).update({"checks": been_looked_up})
    db.session.commit()
    clock.advance(seconds=SERVER_LIMIT)
    for _ in range(102 - been_looked_up):
        quickbooks.drain()
        clock.advance(minutes=5)


def retry(quickbooks, bill) -> None:
    orders.push(quickbooks.connection, RecordKind.INVOICE, bill.id, "Olivia")
    db.session.commit()


@pytest.mark.parametrize(("effect", "trouble"), zip(("cut_after", "cut_before"), NEVER, strict=True))
def test_a_lost_invoice_that_can_never_be_looked_up_asks_for_a_person(
    quickbooks, bills, owner, clock, effect, trouble
):
    lost = builders.invoice(bills[0].customer, number="LOST")
    quickbooks.script(effect, operation="invoice.create")
    quickbooks.drain()
    quickbooks.script(operation="query", times=None, **trouble)
    look_for_long(quickbooks, clock, been_looked_up=0)
    row = quickbooks.row(lost)
    assert (row.state, row.problem) == (TaskState.ERROR, "never_looked_up")
    assert (
        row.message == "QuickBooks may have Invoice LOST: its answer was lost, and it could not be looked up."
    )
    assert db.session.query(PushBatch).filter_by(state=BatchState.WRITTEN).count() == 0
    assert calls(quickbooks, "invoice.create") == 1, "never sent again unseen"

    quickbooks.simulator.control("DELETE", "scripts")
    retry(quickbooks, lost)
    quickbooks.drain()
    quickbooks.in_order(lost)
    assert calls(quickbooks, "invoice.create") == (1 if effect == "cut_after" else 2)
    assert len([bill for bill in quickbooks.books("Invoice") if bill["DocNumber"] == "LOST"]) == 1


def test_an_edit_made_meanwhile_does_not_send_it_unseen(quickbooks, bills, clock):
    lost = builders.invoice(bills[0].customer, number="LOST")
    quickbooks.script("cut_after", operation="invoice.create")
    quickbooks.drain()
    quickbooks.script("fault", code="5020", operation="query", times=None)
    builders.edit_invoice(lost, notes="Gate code 4711")
    look_for_long(quickbooks, clock)
    assert quickbooks.row(lost).state is TaskState.ERROR
    assert quickbooks.connection.paused_until is None, "the others go on"
    quickbooks.simulator.control("DELETE", "scripts")
    retry(quickbooks, lost)
    quickbooks.drain()
    quickbooks.in_order(lost)
    assert calls(quickbooks, "invoice.create") == 1
    assert quickbooks.invoice("LOST")["PrivateNote"] == "Gate code 4711"


@pytest.mark.parametrize("effect", ["cut_after", "cut_before"])
def test_a_lost_update_that_can_never_be_read_asks_and_is_read_first(quickbooks, bills, clock, effect):
    builders.edit_invoice(bills[0], notes="Gate code 4711")
    quickbooks.script(effect, operation="invoice.update")
    quickbooks.drain()
    quickbooks.script("fault", code="5020", operation="read", times=None)
    look_for_long(quickbooks, clock)
    row = quickbooks.row(bills[0])
    assert (row.state, row.problem) == (TaskState.ERROR, "never_looked_up")
    assert calls(quickbooks, "invoice.update") == 1

    quickbooks.simulator.control("DELETE", "scripts")
    before = len(quickbooks.simulator.calls())
    retry(quickbooks, bills[0])
    quickbooks.drain()
    quickbooks.in_order(bills[0])
    asked = [call["operation"] for call in quickbooks.simulator.calls()[before:]]
    assert asked == ["invoice.read"] + ["invoice.update"] * (effect == "cut_before")
    assert quickbooks.invoice(bills[0].number)["PrivateNote"] == "Gate code 4711"


@pytest.mark.parametrize("effect", ["cut_after", "cut_before"])
def test_a_lost_payment_that_can_never_be_looked_up_is_there_once(quickbooks, bill, clock, effect):
    payment = builders.payment(bill, "40")
    quickbooks.script(effect, operation="payment.create")
    quickbooks.drain()
    quickbooks.script("fault", code="5020", operation="query", times=None)
    look_for_long(quickbooks, clock)
    assert quickbooks.row(payment).problem == "never_looked_up"
    quickbooks.simulator.control("DELETE", "scripts")
    orders.push(quickbooks.connection, RecordKind.PAYMENT, payment.id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert len(quickbooks.books("Payment")) == 1


def test_what_was_looked_up_at_last_is_settled_however_often_it_was_tried(quickbooks, bills, clock):
    lost = builders.invoice(bills[0].customer, number="LOST")
    quickbooks.script("cut_after", operation="invoice.create")
    quickbooks.drain()
    db.session.query(PushBatch).filter_by(state=BatchState.WRITTEN).update({"checks": 1000})
    db.session.commit()
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    quickbooks.in_order(lost)
    assert calls(quickbooks, "invoice.create") == 1


@pytest.mark.parametrize("times", [1, None])
def test_a_look_up_that_is_refused_for_good_stops_its_row_alone(quickbooks, bills, clock, times):
    """QuickBooks allows nobody to ask for invoices; whoever sends something else goes on."""
    first = builders.invoice(bills[0].customer, number="INV-700")
    quickbooks.script("fault", code="5020", operation="query", times=times)
    builders.edit_invoice(bills[0], notes="Gate code 4711")
    quickbooks.drain()
    quickbooks.in_order(bills[0])
    row = quickbooks.row(first)
    assert (row.state, row.problem) == (TaskState.ERROR, "feature_missing")
    assert "does not allow Invoice INV-700" in row.message
    assert quickbooks.connection.paused_until is None
    assert not calls(quickbooks, "invoice.create"), "not created unseen"

    retry(quickbooks, first)
    quickbooks.drain()
    if times:
        quickbooks.in_order(first)
    else:
        assert quickbooks.row(first).state is TaskState.ERROR


def test_a_retry_of_what_was_never_looked_up_does_not_stop_the_others(quickbooks, bills, clock):
    lost = builders.invoice(bills[0].customer, number="LOST")
    quickbooks.script("cut_after", operation="invoice.create")
    quickbooks.drain()
    quickbooks.script("fault", code="5020", operation="query", times=None)
    look_for_long(quickbooks, clock)
    retry(quickbooks, lost)
    builders.edit_invoice(bills[0], notes="Gate code 4711")
    quickbooks.drain()
    quickbooks.in_order(bills[0])
    assert quickbooks.row(lost).problem == "feature_missing"
    assert quickbooks.connection.paused_until is None
    assert calls(quickbooks, "invoice.create") == 1
