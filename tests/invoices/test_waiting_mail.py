"""An e-mail that still waits while its invoice is changed or voided: nobody gets what no longer holds."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.customers.records import CustomerData, update_customer
from app.extensions import db, now
from app.invoices import lifecycle
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.waiting_mail import CUSTOMER_CHANGED
from app.mail import sending
from app.mail.claiming import LEASE
from app.mail.models import Message, MessageState
from devtools.waiting import wait_until
from tests.invoices import builders
from tests.invoices.conftest import BEA
from tests.invoices.forms.test_invoice import typed
from tests.invoices.pdf.test_document import pages
from tests.invoices.test_delivery import send, status
from tests.invoices.test_money import pay
from tests.invoices.test_places import CABIN, CABIN_PLACE, OFFICE, move, worked_at_cabin
from tests.locks import somebody_waits
from tests.mail.builders import work


@pytest.fixture
def waiting(app, owner, bill, mailbox) -> Invoice:
    """Its e-mail was tried once, and waits for a mail server that is away."""
    mailbox.answer("rcpt", "451 Come back later")
    send(owner, bill)
    work(app)
    return bill


def in_ten_minutes(clock) -> None:
    """The mail server is back, and what still waits goes."""
    clock.advance(seconds=600)
    sending.send(db.session.scalars(select(Message.id)).one())


def change(owner, bill, price: str = "150"):
    form = typed(bill.customer, {"unit_price": price}, due_date="2026-04-01")
    return owner.post(f"/invoices/{bill.id}/edit", form)


def test_what_was_changed_does_not_leave_as_it_was(app, owner, waiting, mailbox, clock):
    assert change(owner, waiting).status_code == 303
    in_ten_minutes(clock)
    assert mailbox.to(BEA) == []
    assert status(waiting) is InvoiceStatus.GENERATED
    page = owner.get(f"/invoices/{waiting.id}").text
    assert "The invoice was changed before the e-mail left. Send it again." in page
    assert f"held back the e-mail to {BEA}" in page
    assert "was not sent" not in page, "whoever changed it held it back"


def test_saving_without_a_change_holds_nothing_back(app, owner, waiting, mailbox, clock):
    db.session.refresh(waiting)
    owner.post(f"/invoices/{waiting.id}/edit", typed(waiting.customer, terms="", due_date="2026-04-01"))
    in_ten_minutes(clock)
    assert len(mailbox.to(BEA)) == 1


def test_no_demand_leaves_for_a_void_invoice(app, owner, waiting, mailbox, clock):
    assert owner.post(f"/invoices/{waiting.id}/void").status_code == 303
    in_ten_minutes(clock)
    assert mailbox.to(BEA) == []
    assert "The invoice was voided before the e-mail left." in owner.get(f"/invoices/{waiting.id}").text


def on_its_way(state: MessageState) -> Message:
    """A worker has claimed the message."""
    message = db.session.scalars(select(Message)).one()
    message.state, message.lease_owner, message.lease_until = state, "a worker", now() + LEASE
    db.session.commit()
    return message


def test_whoever_has_claimed_it_loses_the_claim(owner, waiting, mailbox, clock):
    """Before the letter itself leaves, its sender looks whether the message is still theirs (mail/sending.py)."""
    message = on_its_way(MessageState.SENDING)
    assert change(owner, waiting).status_code == 303
    db.session.refresh(message)
    assert (message.state, message.lease_owner) == (MessageState.GIVEN_UP, None)
    in_ten_minutes(clock)
    assert mailbox.to(BEA) == []


def test_an_invoice_that_is_leaving_cannot_be_changed(owner, waiting):
    on_its_way(MessageState.HANDING_OVER)
    answer = owner.post(f"/invoices/{waiting.id}/void", follow_redirects=True)
    assert "An e-mail with this invoice is leaving at this moment." in answer.text
    change(owner, waiting)
    db.session.refresh(waiting)
    assert (waiting.total, status(waiting)) == (100, InvoiceStatus.GENERATED)


def test_what_was_typed_stays_while_an_invoice_is_leaving(owner, waiting):
    on_its_way(MessageState.HANDING_OVER)
    answer = change(owner, waiting, price="151.25")
    assert answer.status_code == 422
    assert "An e-mail with this invoice is leaving at this moment." in answer.text
    assert "151.25" in answer.text


def test_no_demand_leaves_for_a_disputed_invoice(owner, waiting, mailbox, clock):
    lifecycle.mark_sent(waiting)
    db.session.commit()
    owner.post(f"/invoices/{waiting.id}/dispute", {"reason": "Wrong hours"})
    assert status(waiting) is InvoiceStatus.DISPUTED
    in_ten_minutes(clock)
    assert mailbox.to(BEA) == []


def test_no_demand_leaves_for_what_was_paid(waiting, mailbox, clock):
    lifecycle.mark_sent(waiting)
    pay(waiting, "100")
    db.session.commit()
    in_ten_minutes(clock)
    assert mailbox.to(BEA) == []


def test_money_can_be_recorded_while_an_invoice_is_leaving(waiting):
    lifecycle.mark_sent(waiting)
    on_its_way(MessageState.HANDING_OVER)
    pay(waiting, "100")
    db.session.commit()
    assert status(waiting) is InvoiceStatus.PAID


def test_an_address_that_changed_does_not_leave_as_it_was(app, owner, mailbox, clock):
    family = builders.customer(owner.company, email=BEA, locations=[OFFICE, CABIN])
    bill = worked_at_cabin(family)
    mailbox.answer("rcpt", "451 Come back later")
    send(owner, bill)
    work(app)
    move(family, street="5 Lake Road")
    assert bill.place.street == "5 Lake Road"
    in_ten_minutes(clock)
    assert mailbox.to(BEA) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Elm Street Bakery LLC"},
        {"contact_family_name": "Miller"},
        {"tax_exempt": True},
        {"locations": [replace(OFFICE, street="14 Elm Street")]},
    ],
)
def test_what_is_printed_of_a_customer_does_not_leave_as_it_was(owner, waiting, mailbox, clock, changes):
    update_customer(waiting.customer, replace(CustomerData.of(waiting.customer), **changes))
    db.session.commit()
    in_ten_minutes(clock)
    assert mailbox.to(BEA) == []
    assert CUSTOMER_CHANGED in owner.get(f"/invoices/{waiting.id}").text


def test_what_is_sent_while_its_customer_is_saved_has_the_new_name(app, owner, bill, mailbox):
    """The letter is not there yet when the customer's change looks for those that wait."""

    def press() -> int:
        with app.app_context():
            return send(owner, bill).status_code

    other = replace(CustomerData.of(bill.customer), name="Elm Street Bakery LLC")
    update_customer(bill.customer, other)  # and not yet committed
    with ThreadPoolExecutor(1) as pool:
        pressing = pool.submit(press)
        wait_until(lambda: somebody_waits() or pressing.done(), "the letter is about to be written")
        db.session.commit()
        assert pressing.result() == 303
    (message,) = db.session.scalars(select(Message))
    assert "Elm Street Bakery LLC" in pages(message.attachment)[0]


@pytest.mark.parametrize(
    "changes", [{"phone": "207 555 0100"}, {"locations": [replace(OFFICE, is_primary=False)]}]
)
def test_what_is_not_printed_of_a_customer_holds_nothing_back(waiting, mailbox, clock, changes):
    update_customer(waiting.customer, replace(CustomerData.of(waiting.customer), **changes))
    db.session.commit()
    in_ten_minutes(clock)
    assert len(mailbox.to(BEA)) == 1


def test_another_customer_holds_nothing_back(waiting, mailbox, clock):
    other = builders.customer(waiting.company, "Other")
    update_customer(other, replace(CustomerData.of(other), name="Another"))
    db.session.commit()
    in_ten_minutes(clock)
    assert len(mailbox.to(BEA)) == 1


def test_a_customer_can_be_changed_while_an_invoice_is_leaving(waiting):
    message = on_its_way(MessageState.HANDING_OVER)
    update_customer(waiting.customer, replace(CustomerData.of(waiting.customer), name="Elm"))
    db.session.commit()
    db.session.refresh(message)
    assert message.state is MessageState.HANDING_OVER


def test_what_is_leaving_keeps_the_address_it_leaves_with(app, owner, mailbox):
    family = builders.customer(owner.company, email=BEA, locations=[OFFICE, CABIN])
    bill = worked_at_cabin(family)
    mailbox.answer("rcpt", "451 Come back later")
    send(owner, bill)
    work(app)
    on_its_way(MessageState.HANDING_OVER)
    move(family, street="5 Lake Road")
    assert bill.place == CABIN_PLACE
