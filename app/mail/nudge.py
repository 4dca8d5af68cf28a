"""Wake a worker for a message, after the commit. Losing a nudge is harmless: the sweep finds the row."""

import logging

from redis.exceptions import RedisError
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.extensions import SOON, db, enqueue, redis

log = logging.getLogger(__name__)

JOB = "app.mail.jobs.send_message"
_WAITING = "mail_nudges"
HOLD_SECONDS = 60  # how long a nudge stands before the sweep repeats it
LIMIT_SECONDS = 240


def nudge_after_commit(message_id: int) -> None:
    db.session.info.setdefault(_WAITING, set()).add(message_id)


def nudge(message_id: int) -> None:
    """Enqueue the message's job unless one is waiting already. It goes first: somebody waits for it."""
    try:
        if redis().set(_key(message_id), 1, nx=True, ex=HOLD_SECONDS):
            enqueue(SOON, JOB, message_id, LIMIT_SECONDS, at_front=True)
    except RedisError as error:
        log.warning("Mail %s was not nudged: %s", message_id, error)


def nudge_arrived(message_id: int) -> None:
    try:
        redis().delete(_key(message_id))
    except RedisError:
        log.warning("Redis went away while mail %s started", message_id)


def register() -> None:
    if not event.contains(Session, "after_commit", _send):  # a process may create several apps
        event.listen(Session, "after_commit", _send)
        event.listen(Session, "after_rollback", _forget)


def _send(session: Session) -> None:
    for message_id in sorted(session.info.pop(_WAITING, ()), reverse=True):  # the last one is put in front
        nudge(message_id)


def _forget(session: Session) -> None:
    session.info.pop(_WAITING, None)


def _key(message_id: int) -> str:
    return f"mail:nudged:{message_id}"
