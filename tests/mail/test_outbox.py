"""A message belongs to the transaction of what it tells about, and to one event."""

import threading

from sqlalchemy import func, select

from app.extensions import db, queue
from app.mail.models import Message, MessageState
from app.mail.outbox import NO_SERVER, mail_leaves, send_later
from tests.mail.builders import BUYER, found, queued, work


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Message))


def test_what_is_rolled_back_is_not_sent(app, mailbox):
    send_later(BUYER, "tests/greeting", "Greetings", event="test:1", company_id=None)
    db.session.rollback()
    assert (count(), len(queue())) == (0, 0)


def test_an_event_is_told_once_to_each(app, mailbox):
    first = queued("test:1")
    assert queued("test:1") == first
    assert queued("test:1", recipient="ben@buyer.example") != first
    work(app)
    assert queued("test:1") == first
    work(app)
    assert sorted(letter.recipient for letter in mailbox.letters) == [BUYER, "ben@buyer.example"]


def test_two_who_tell_the_same_event_at_once_tell_it_once(app, mailbox):
    """The second waits for the first one's commit and finds its message."""
    first = send_later(BUYER, "tests/greeting", "Greetings", event="test:1", company_id=None)
    ids = []

    def tell() -> None:
        with app.app_context():
            ids.append(queued("test:1"))

    second = threading.Thread(target=tell)
    second.start()
    db.session.commit()
    second.join(10)
    assert ids == [first]
    assert count() == 1


def test_a_line_break_in_a_name_begins_no_header(app, mailbox):
    queued(sender_name="Harbor\r\nBcc: all@example.com", reply_to="olivia@harbor.example")
    work(app)
    message = mailbox.letters[0].message
    assert message["Bcc"] is None
    assert message["From"] == '"Harbor Bcc: all@example.com" <mail@fsm-navigator.example>'


def test_what_it_says_is_sealed_while_it_waits(app, mailbox):
    message = found(queued(context={"name": "secret-link"}))
    assert "secret-link" not in message.sealed_body
    assert message.sealed_body


def test_without_a_server_it_is_given_up_at_once(app, mailbox, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_SERVER", None)
    message = found(queued())
    assert not mail_leaves()
    assert (message.state, message.problem) == (MessageState.GIVEN_UP, NO_SERVER)
    work(app)
    assert not mailbox.letters
