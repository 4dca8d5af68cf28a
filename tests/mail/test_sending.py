"""A message leaves once; what goes wrong before is tried again, what goes wrong after is told."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.extensions import db, queue, redis
from app.lib.mail_server import MailServer
from app.mail.events import message_settled
from app.mail.models import Message, MessageState
from app.mail.sending import UNCLEAR, send
from app.mail.sweep import sweep
from devtools.mail.catcher import HANG_UP
from devtools.servers import free_port
from tests.mail.builders import BUYER, found, queued, work


def sweep_and_work(app) -> None:
    redis().flushall()  # a nudge stands for a minute of real time; the test's clock runs apart
    sweep()
    work(app)


def test_it_arrives_as_text_and_html(app, mailbox):
    message_id = queued(
        unsubscribe_url="https://fsm-navigator.example/u/1", attachment=("INV-1.pdf", b"%PDF-1")
    )
    work(app)
    (letter,) = mailbox.to(BUYER)
    assert letter.text == "Good day, Bea & Söhne <b>.\n.\nA line that is a dot alone is kept.\n"
    assert "<p>Good day, Bea &amp; Söhne &lt;b&gt;.</p>" in letter.html
    assert letter.attachments == [("INV-1.pdf", b"%PDF-1")]
    assert letter.sender == "mail@fsm-navigator.example"
    assert letter.message["List-Unsubscribe"] == "<https://fsm-navigator.example/u/1>"
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.message["Auto-Submitted"] == "auto-generated"
    message = found(message_id)
    assert (message.state, message.sealed_body, message.attachment) == (MessageState.SENT, "", None)


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_a_refusal_for_now_is_tried_again_later(app, mailbox, clock, step):
    mailbox.answer(step, "451 Come back later")
    message_id = queued()
    work(app)
    message = found(message_id)
    assert (message.state, message.due_at) == (MessageState.QUEUED, clock.now() + timedelta(minutes=1))
    assert message.problem.endswith("451 Come back later")
    sweep_and_work(app)
    assert not mailbox.letters  # not before its time
    clock.advance(minutes=1)
    sweep_and_work(app)
    assert found(message_id).state is MessageState.SENT
    assert len(mailbox.letters) == 1


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_a_refusal_for_good_is_given_up_and_said(app, mailbox, step):
    mailbox.answer(step, "550 No such person here")
    message = found_after_work(app, queued())
    assert message.state is MessageState.GIVEN_UP
    assert message.problem.endswith("550 No such person here")
    assert message.sealed_body == ""


def test_a_lost_answer_is_not_sent_again(app, mailbox, clock):
    mailbox.answer("data", HANG_UP)
    message = found_after_work(app, queued())
    assert (message.state, message.problem) == (MessageState.UNCLEAR, UNCLEAR)
    clock.advance(days=1)
    sweep_and_work(app)
    assert len(mailbox.letters) == 1


def test_one_whose_sender_died_before_handing_over_is_sent(app, mailbox, clock):
    message_id = queued()
    redis().flushall()
    left_by_a_dead_worker(message_id, MessageState.SENDING, clock)
    sweep_and_work(app)
    assert not mailbox.letters
    clock.advance(minutes=6)
    sweep_and_work(app)
    assert len(mailbox.letters) == 1


def test_one_whose_sender_died_while_handing_over_is_not(app, mailbox, clock):
    message_id = queued()
    redis().flushall()
    left_by_a_dead_worker(message_id, MessageState.HANDING_OVER, clock)
    clock.advance(minutes=6)
    sweep_and_work(app)
    assert found(message_id).state is MessageState.UNCLEAR
    assert not mailbox.letters


def test_many_who_send_it_at_once_send_it_once(app, mailbox):
    message_id = queued()

    def try_it() -> None:
        with app.app_context():
            send(message_id)

    senders = [threading.Thread(target=try_it) for _ in range(8)]
    for each in senders:
        each.start()
    for each in senders:
        each.join(30)
    assert len(mailbox.letters) == 1
    assert found(message_id).attempts == 1


def test_a_server_that_is_away_is_asked_once_a_minute(app, mailbox, clock, monkeypatch):
    """The worker has other work than to wait for a dead server three hundred times."""
    monkeypatch.setitem(app.config, "MAIL_SERVER", MailServer("127.0.0.1", free_port()))
    ids = [queued(f"test:{number}") for number in range(5)]
    work(app)
    assert sorted(found(each).attempts for each in ids) == [0, 0, 0, 0, 1]
    monkeypatch.undo()
    clock.advance(minutes=1)
    sweep_and_work(app)
    assert len(mailbox.letters) == 5


def test_it_is_given_up_when_its_time_is_over(app, mailbox, clock, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_SERVER", MailServer("127.0.0.1", free_port()))
    message_id = queued(good_for=timedelta(hours=1))
    for _ in range(6):
        sweep_and_work(app)
        clock.advance(minutes=20)
    message = found(message_id)
    assert (message.state, message.problem) == (
        MessageState.GIVEN_UP,
        "The mail server could not be reached.",
    )
    assert message.attempts <= 4


def test_an_address_that_cannot_be_written_stops_itself_only(app, mailbox):
    broken = queued(recipient="not an address")
    fine = queued(recipient="bea@bücher.example")
    work(app)
    assert found(broken).state is MessageState.GIVEN_UP
    assert found(fine).state is MessageState.SENT
    assert mailbox.letters[0].recipient == "bea@xn--bcher-kva.example"


def test_a_wiped_redis_delays_and_loses_nothing(app, mailbox):
    queued()
    redis().flushall()
    assert len(queue()) == 0
    sweep_and_work(app)
    assert len(mailbox.letters) == 1


def found_after_work(app, message_id: int) -> Message:
    work(app)
    return found(message_id)


def left_by_a_dead_worker(message_id: int, state: MessageState, clock) -> None:
    db.session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(state=state, lease_owner="dead", lease_until=clock.now() + timedelta(minutes=5))
    )
    db.session.commit()


def test_a_bug_of_who_hears_of_it_leaves_the_outcome(app, mailbox):
    def stumble(message_id: int, **_) -> None:
        raise KeyError(message_id)

    with message_settled.connected_to(stumble):
        assert found_after_work(app, queued()).state is MessageState.SENT
