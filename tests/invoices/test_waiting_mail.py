"""An e-mail that still waits while its invoice is changed or voided: nobody gets what no longer holds."""

import pytest
from sqlalchemy import select

from app.extensions import db, now
from app.invoices.models import Invoice, InvoiceStatus
from app.mail import sending
from app.mail.models import Message, MessageState
from app.mail.sending import LEASE
from tests.invoices.conftest import BEA
from tests.invoices.test_delivery import send, status
from tests.invoices.test_form import typed
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
