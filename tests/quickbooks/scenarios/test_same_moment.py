"""Two things happen at the very same moment, in two transactions: neither is lost, and neither waits for the other
for ever.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import select, update

from app.customers.models import Customer
from app.customers.records import CustomerData, create_customers
from app.extensions import db
from app.invoices.models import Invoice, PaymentMethod
from app.invoices.payments import PaymentData, record_payment
from app.quickbooks import orders
from app.quickbooks.account import access
from app.quickbooks.account.connection import live_connection
from app.quickbooks.checks import daily
from app.quickbooks.lane import draining
from app.quickbooks.models import (
    BatchState,
    Connection,
    FoundInvoice,
    FoundState,
    PushBatch,
    RecordKind,
    SyncAttempt,
    SyncTask,
    TaskState,
)
from app.quickbooks.pages.found_pairs import open_pairs
from devtools.waiting import wait_until
from tests.locks import end_who_waits, somebody_waits
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.scenarios.test_found_invoices import PAGE, look, typed  # noqa: F401


@contextmanager
def beside(app, work: Callable[[], object]) -> Iterator[Future]:
    """Another process, as far as PostgreSQL can tell."""

    def run() -> object:
        with app.app_context():
            return work()

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(run)


def test_a_record_saved_while_the_company_connects_is_in_the_outbox(app, quickbooks_of, owner):
    quickbooks = quickbooks_of(owner)
    create_customers(owner.company, [CustomerData(name="Just in time")])  # and not yet committed
    with beside(app, lambda: quickbooks.connect().id) as connecting:
        wait_until(lambda: somebody_waits() or connecting.done(), "connecting has begun")
        db.session.commit()
        connection_id = connecting.result()
    assert db.session.query(SyncTask).filter_by(connection_id=connection_id).count() == 1


def test_two_windows_that_connect_at_once_make_one_connection(app, quickbooks_of, owner):
    quickbooks = quickbooks_of(owner)
    both = Barrier(2)

    def connect() -> int:
        both.wait()
        return quickbooks.connect().id

    with beside(app, connect) as one, beside(app, connect) as other:
        assert one.result() == other.result()


def test_connecting_anew_and_an_answer_do_not_lock_each_other_out(app, quickbooks, owner):
    people = create_customers(owner.company, [CustomerData(name=f"Customer {n}") for n in range(5)])
    quickbooks.script("latency", operation="batch", seconds=0.7)
    connection_id = quickbooks.connection.id
    db.session.commit()

    def on_the_wire() -> bool:
        db.session.rollback()
        return db.session.query(PushBatch).count() > 0

    with beside(app, lambda: draining.drain(connection_id, go_on=lambda: True)) as run:
        wait_until(on_the_wire, "a batch is written down")
        with db.engine.begin() as reconnecting:
            reconnecting.execute(
                update(Connection).where(Connection.id == connection_id).values(pause_code="")
            )
            wait_until(somebody_waits, "the answer has come")
            reconnecting.execute(select(SyncTask.id).with_for_update(nowait=True))
        run.result()
    db.session.expire_all()
    assert {builders.task_of(quickbooks.connection, person).state for person in people} == {TaskState.SYNCED}


def break_off_who_waits() -> None:
    wait_until(somebody_waits, "somebody waits for a lock")
    assert end_who_waits() == [True]


def test_an_answer_outlasts_a_restart_of_postgresql(app, quickbooks, owner):
    person = builders.customer(owner.company)
    quickbooks.drain()
    bill = builders.invoice(person)
    quickbooks.script("latency", operation="item.create", seconds=0.7)
    connection_id = quickbooks.connection.id
    db.session.commit()

    def on_the_wire() -> bool:
        db.session.rollback()
        return db.session.query(PushBatch).filter_by(state=BatchState.WRITTEN).count() > 0

    with beside(app, lambda: draining.drain(connection_id, go_on=lambda: True)) as run:
        wait_until(on_the_wire, "the item is on the wire")
        with db.engine.begin() as holder:
            holder.execute(select(Connection.id).where(Connection.id == connection_id).with_for_update())
            break_off_who_waits()
        run.result()
    db.session.expire_all()
    assert builders.task_of(quickbooks.connection, bill).state is TaskState.SYNCED
    outcomes = db.session.query(SyncAttempt.outcome).all()
    assert {outcome for (outcome,) in outcomes} == {"accepted"}


def test_new_tokens_outlast_a_restart_of_postgresql(app, quickbooks):
    """Intuit may have made the old refresh token worthless."""
    quickbooks.simulator.control("POST", "tokens", {"action": "rotate", "realm": quickbooks.realm})
    connection_id, stale = quickbooks.connection.id, access.token(quickbooks.connection.id)
    quickbooks.simulator.script(effect="latency", operation="token", seconds=0.7)
    db.session.commit()
    with beside(app, lambda: access.renew(connection_id, stale)) as renewing:
        wait_until(lambda: claimed(connection_id), "Intuit is asked")
        with db.engine.begin() as holder:
            holder.execute(select(Connection.id).where(Connection.id == connection_id).with_for_update())
            break_off_who_waits()
        fresh = renewing.result()
    assert access.token(connection_id) == fresh != stale
    assert access.renew(connection_id, fresh)


def claimed(connection_id: int) -> bool:
    db.session.rollback()
    return db.session.get_one(Connection, connection_id).refreshing_until is not None


def test_a_save_that_loses_a_deadlock_is_done_again(app, owner):
    connection = builders.connected(owner.company)
    person = builders.customer(owner.company, name="Before")
    form = {"name": "After", "kind": "company"}
    with db.engine.begin() as settling:
        row = select(SyncTask.id).filter_by(connection_id=connection.id, record_id=person.id)
        settling.execute(row.with_for_update())
        save, url = owner.client.post, f"/customers/{person.id}/edit"
        db.session.commit()
        with beside(app, lambda: save(url, data=form)) as saving:
            wait_until(lambda: somebody_waits() or saving.done(), "the save waits for the row")
            settling.execute(update(Customer).where(Customer.id == person.id).values(phone="555-0100"))
            settling.commit()
            answer = saving.result()
    assert answer.status_code == 303, answer.text
    db.session.expire_all()
    assert db.session.get_one(Customer, person.id).name == "After"
    assert builders.task_of(connection, person).wanted == 2


def test_a_payment_that_is_saved_while_its_old_invoice_is_sent_by_hand_goes_along(app, quickbooks, owner):
    """Each would see nothing of the other: the payment no row of its invoice, the invoice no payment."""
    quickbooks.switch_payments()
    bill = builders.sent_invoice(builders.customer(owner.company), number="INV-7", announce=False)
    quickbooks.drain()
    bill.generated_at -= timedelta(days=1)  # before the company connected
    bill_id, payment = bill.id, PaymentData(Decimal("40.00"), PaymentMethod.CHECK, bill.issue_date, "1042")
    db.session.commit()
    record_payment(db.session.get_one(Invoice, bill_id), payment)  # and not yet committed

    def send_by_hand() -> None:
        connection = live_connection(owner.company_id)
        orders.push(connection, RecordKind.INVOICE, bill_id, by="Olivia")
        db.session.commit()
        draining.drain(connection.id, go_on=lambda: True)

    with beside(app, send_by_hand) as sending:
        wait_until(lambda: somebody_waits() or sending.done(), "the invoice is queued, or waits")
        db.session.commit()
        sending.result()
    quickbooks.drain()
    (paid,) = quickbooks.books("Payment")
    assert paid["TotalAmt"] == 40


def test_a_customer_that_is_taken_apart_while_it_is_read_anew_stays_apart(app, quickbooks, owner):
    theirs = create(quickbooks, "Customer", DisplayName="Rivera HVAC")
    rivera = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    quickbooks.do("customer", theirs["Id"], "edit", Notes="Gate code 12")
    builders.edit_customer(rivera, phone="207 555 0101")
    quickbooks.script("latency", operation="read", seconds=0.7, label="slow")
    connection_id = quickbooks.connection.id
    db.session.commit()

    def is_read() -> bool:
        scripts = quickbooks.simulator.control("GET", "scripts")
        return any(script["used"] for script in scripts if script["label"] == "slow")

    with beside(app, lambda: draining.drain(connection_id, go_on=lambda: True)) as run:
        wait_until(is_read, "it is read anew, as somebody else has changed it there")
        page = f"/settings/integrations/quickbooks/matching/links/{rivera.id}"
        assert owner.post(page, {"name": "Rivera Heating"}).status_code == 303
        run.result()
    quickbooks.drain()
    quickbooks.in_order(rivera)
    assert {one["DisplayName"] for one in quickbooks.books("Customer")} == {"Rivera HVAC", "Rivera Heating"}
    assert quickbooks.remote_id(rivera) != theirs["Id"]


def test_a_pair_that_is_linked_while_a_check_takes_it_back_says_what_happened_there(
    app,
    quickbooks,
    owner,
    typed,  # noqa: F811
    look,  # noqa: F811
):
    """QuickBooks names a deletion once: it is for this check to say it."""
    look()
    quickbooks.do("invoice", quickbooks.invoice("OLD-0")["Id"], "delete")
    connection = quickbooks.connection
    pair = open_pairs(connection).where(FoundInvoice.invoice_id == typed[0].id)
    assert orders.link_found(connection, db.session.scalars(pair).all(), "Olga") == 1  # and not yet committed
    with beside(app, lambda: daily.check(connection.id)) as checking:
        wait_until(lambda: somebody_waits() or checking.done(), "the check has read the books")
        db.session.commit()
        checking.result()
    assert quickbooks.row(typed[0]).problem == "remote_deleted"
    assert db.session.get(FoundInvoice, (connection.id, typed[0].id)).state is FoundState.LINKED


@pytest.mark.parametrize("answer", ["link", "apart"])
def test_a_pair_that_a_check_takes_back_at_this_moment_is_answered_in_words(
    app,
    quickbooks,
    owner,
    typed,  # noqa: F811
    look,  # noqa: F811
    answer,
):
    look()
    pair = db.session.get_one(FoundInvoice, (quickbooks.connection.id, typed[0].id))
    form = {"invoice_id": typed[0].id}
    db.session.delete(pair)
    db.session.flush()  # and not yet committed
    with beside(app, lambda: owner.post(f"{PAGE}/{answer}", form).status_code) as pressing:
        wait_until(lambda: somebody_waits() or pressing.done(), "somebody has pressed")
        db.session.commit()
        assert pressing.result() == 303
    assert quickbooks.row(typed[0]) is None


@pytest.mark.parametrize("answer", ["link", "apart"])
def test_a_pair_that_another_look_replaces_at_this_moment_is_not_answered(
    app,
    quickbooks,
    owner,
    typed,  # noqa: F811
    look,  # noqa: F811
    answer,
):
    look()
    pair = db.session.get_one(FoundInvoice, (quickbooks.connection.id, typed[0].id))
    form = {"invoice_id": typed[0].id, "remote_id": pair.remote_id}
    pair.remote_id = "999"
    db.session.flush()  # and not yet committed
    with beside(app, lambda: owner.post(f"{PAGE}/{answer}", form).status_code) as pressing:
        wait_until(lambda: somebody_waits() or pressing.done(), "somebody has pressed")
        db.session.commit()
        assert pressing.result() == 303
    db.session.refresh(pair)
    assert (pair.state, pair.remote_id) == (FoundState.FOUND, "999")
    assert quickbooks.row(typed[0]) is None
