"""Sending one message: claimed, marked right before it leaves, settled on the answer.

At most once. A message whose answer was lost after it was handed over is not sent again: most servers have taken it
by then, a second invoice or reset link confuses people, and whoever misses one can ask for it again. Such a
message ends as `unclear`, and the page that it belongs to says so. Everything that fails earlier has certainly not
left, so it is tried again.
"""

import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, or_, select, update

from app.extensions import db, now, rows_changed
from app.mail.events import message_settled
from app.mail.letter import ascii_address, compose, sender_address
from app.mail.models import Message, MessageState
from app.mail.outbox import NO_SERVER
from app.mail.smtp import AnswerLost, NotSent, deliver
from app.patience import AWAY, patiently

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)  # longer than all steps of a delivery with the patience of each
UNCLEAR = "The mail server did not confirm that it took the message. It may have arrived."
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
SERVER_PAUSE = timedelta(minutes=1)


class ClaimLost(Exception):
    """Somebody else may have the message by now."""


def send(message_id: int) -> None:
    """Send it if it is due and nobody else does. Commits; no transaction is open while the server is asked."""
    owner = secrets.token_hex(16)
    message = _claim(message_id, owner)
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


def is_free(moment: datetime) -> ColumnElement[bool]:
    """The condition of a message to send now: due, or claimed by somebody whose lease ran out."""
    return or_(
        and_(Message.state == MessageState.QUEUED, Message.due_at <= moment),
        and_(Message.state == MessageState.SENDING, Message.lease_until < moment),
    )


def settle_lost() -> None:
    """Whoever handed these over is gone without an answer. Commits."""
    lost = select(Message.id).where(Message.state == MessageState.HANDING_OVER, Message.lease_until < now())
    for message_id in db.session.scalars(lost).all():
        mine = and_(Message.id == message_id, Message.state == MessageState.HANDING_OVER)
        _finish(mine, MessageState.UNCLEAR, UNCLEAR)


def _claim(message_id: int, owner: str) -> Message | None:
    moment = now()
    claimed = _update(
        and_(Message.id == message_id, is_free(moment)),
        state=MessageState.SENDING,
        attempts=Message.attempts + 1,
        lease_owner=owner,
        lease_until=moment + LEASE,
    )
    if not claimed:
        return None
    message = db.session.get_one(Message, message_id, populate_existing=True)
    _ = message.sealed_body, message.attachment  # read now: the rest happens without a transaction
    db.session.expunge(message)
    db.session.commit()
    return message


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
    deliver(server, sender_address(mail_from), recipient, content, lambda: _mark(message.id, owner))


def _mark(message_id: int, owner: str) -> None:
    """From here on it may have left. Raises ClaimLost when the claim ran out before."""
    moment = now()
    mine = and_(Message.id == message_id, Message.lease_owner == owner, Message.lease_until > moment)
    if not _update(mine, state=MessageState.HANDING_OVER, lease_until=moment + LEASE):
        raise ClaimLost


def _try_later(message: Message, owner: str, error: NotSent) -> None:
    moment = now()
    next_try = moment + PAUSES[min(message.attempts, len(PAUSES)) - 1]
    if error.for_ever or next_try >= message.good_until:
        _settle(message.id, owner, MessageState.GIVEN_UP, str(error))
        return
    _update(
        and_(_held(message.id, owner), Message.settled_at.is_(None)),
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
    _update(and_(Message.state == MessageState.QUEUED, Message.due_at < later), due_at=later)


def _settle(message_id: int, owner: str, state: MessageState, problem: str = "") -> None:
    """An answer that comes after the lease ran out is still the truth."""
    if state is not MessageState.SENT:
        log.warning("Mail %s ended as %s", message_id, state)
    patiently(lambda: _finish(_held(message_id, owner), state, problem))


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


def _held(message_id: int, owner: str) -> ColumnElement[bool]:
    return and_(Message.id == message_id, Message.lease_owner == owner)


def _update(condition: ColumnElement[bool], **values: Any) -> int:
    """How many rows changed. Commits."""
    statement = update(Message).where(condition).values(**values)
    count = rows_changed(statement.execution_options(synchronize_session=False))
    db.session.commit()
    return count
