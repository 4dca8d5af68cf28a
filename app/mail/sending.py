"""Sending one message: claimed (claiming.py), marked right before it leaves, settled on the answer.

At most once. A message whose answer was lost after it was handed over is not sent again: most servers have taken it
by then, a second invoice or reset link confuses people, and whoever misses one can ask for it again. Such a
message ends as `unclear`, and the page that it belongs to says so. Everything that fails earlier has certainly not
left, so it is tried again.
"""

import logging
import secrets
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, and_, select, update

from app.extensions import db, now
from app.mail.claiming import ClaimLost, change, claim, hand_over, held
from app.mail.events import message_settled
from app.mail.letter import ascii_address, compose, sender_address
from app.mail.models import Message, MessageState
from app.mail.outbox import NO_SERVER
from app.mail.smtp import AnswerLost, NotSent, deliver
from app.patience import AWAY, patiently

log = logging.getLogger(__name__)

UNCLEAR = "The mail server did not confirm that it took the message. It may have arrived."
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
SERVER_PAUSE = timedelta(minutes=1)


def send(message_id: int) -> None:
    """Send it if it is due and nobody else does. Commits; no transaction is open while the server is asked."""
    owner = secrets.token_hex(16)
    message = claim(message_id, owner)
    if message is None:
        return
    try:
        _deliver(message, owner)
    except NotSent as error:
        _try_later(message, owner, error)
    except AnswerLost:
        _settle(message_id, owner, MessageState.UNCLEAR, UNCLEAR)
    except ClaimLost:
        log.warning("Mail %s was taken over while it was being sent", message_id)
    else:
        _settle(message_id, owner, MessageState.SENT)


def settle_lost() -> None:
    """Whoever handed these over is gone without an answer. Commits."""
    lost = select(Message.id).where(Message.state == MessageState.HANDING_OVER, Message.lease_until < now())
    for message_id in db.session.scalars(lost).all():
        mine = and_(Message.id == message_id, Message.state == MessageState.HANDING_OVER)
        _finish(mine, MessageState.UNCLEAR, UNCLEAR)


def _deliver(message: Message, owner: str) -> None:
    server, mail_from = current_app.config["MAIL_SERVER"], current_app.config["MAIL_FROM"]
    if server is None:
        raise NotSent(NO_SERVER, for_ever=True)
    if message.good_until < now():
        raise NotSent(message.problem or "It could not be sent in time.", for_ever=True)
    try:
        recipient, content = ascii_address(message.recipient), compose(message, mail_from)
    except Exception as error:  # one message that cannot be written stops itself only
        log.exception("Mail %s cannot be composed", message.id)
        raise NotSent("The message or its address cannot be written as e-mail.", for_ever=True) from error
    deliver(server, sender_address(mail_from), recipient, content, lambda: hand_over(message.id, owner))


def _try_later(message: Message, owner: str, error: NotSent) -> None:
    moment = now()
    next_try = moment + PAUSES[min(message.attempts, len(PAUSES)) - 1]
    if error.for_ever or next_try >= message.good_until:
        _settle(message.id, owner, MessageState.GIVEN_UP, str(error))
        return
    change(
        and_(held(message.id, owner), Message.settled_at.is_(None)),
        state=MessageState.QUEUED,
        problem=str(error),
        due_at=next_try,
        lease_owner=None,
        lease_until=None,
    )
    if error.by_server:
        _let_others_wait(moment)


def _let_others_wait(moment: datetime) -> None:
    """A server that is away is asked once a minute, not once a message: the worker has other work."""
    later = moment + SERVER_PAUSE
    change(and_(Message.state == MessageState.QUEUED, Message.due_at < later), due_at=later)


def _settle(message_id: int, owner: str, state: MessageState, problem: str = "") -> None:
    """An answer that comes after the lease ran out is still the truth."""
    if state is not MessageState.SENT:
        log.warning("Mail %s ended as %s", message_id, state)
    patiently(lambda: _finish(held(message_id, owner), state, problem))


def _finish(condition: ColumnElement[bool], state: MessageState, problem: str) -> None:
    """Nothing of what it said is kept. Whoever hears of it writes in the same transaction. Commits."""
    finished = db.session.scalars(
        update(Message)
        .where(condition)
        .values(
            state=state,
            problem=problem,
            settled_at=now(),
            sealed_body="",
            attachment=None,
            lease_until=None,
        )
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    for message_id in finished:
        _announce(message_id, state)
    db.session.commit()


def _announce(message_id: int, state: MessageState) -> None:
    """A bug of whoever hears it must not undo what the mail server answered."""
    try:
        with db.session.begin_nested():
            message_settled.send(message_id, state=state)
    except AWAY:
        raise
    except Exception:
        log.exception("What follows from mail %s ending as %s was not done", message_id, state)
