"""Wake a worker for a connection, after the commit. Losing a nudge is harmless: the sweep finds the row."""

import logging

from redis.exceptions import RedisError
from rq.utils import as_text
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.extensions import BULK, SOON, db, enqueue, queue, redis

log = logging.getLogger(__name__)

JOB, BULK_JOB = "app.quickbooks.jobs.drain_connection", "app.quickbooks.jobs.drain_in_bulk"
_WAITING = "quickbooks_nudges"
HOLD_SECONDS = 30  # how long one nudge stands for all that follow, unless its job starts earlier
BULK_SECONDS = 86400  # how long is remembered which job stands for a company's bulk
LIMIT_SECONDS = 600


def nudge_after_commit(connection_id: int) -> None:
    db.session.info.setdefault(_WAITING, set()).add(connection_id)


def nudge(connection_id: int) -> None:
    """Enqueue the connection's job unless one is waiting already."""
    try:
        if redis().set(_key(connection_id), 1, nx=True, ex=HOLD_SECONDS):
            enqueue(SOON, JOB, connection_id, LIMIT_SECONDS)
    except RedisError as error:
        log.warning("QuickBooks connection %s was not nudged: %s", connection_id, error)


def hand_over(connection_id: int) -> None:
    """To the lanes that work in bulk, unless its job waits there already."""
    try:
        waiting = redis().get(_bulk_key(connection_id))
        if waiting is None or redis().lpos(queue(BULK).key, as_text(waiting)) is None:
            job = enqueue(BULK, BULK_JOB, connection_id, LIMIT_SECONDS)
            redis().set(_bulk_key(connection_id), job.id, ex=BULK_SECONDS)
    except RedisError as error:
        log.warning("QuickBooks connection %s was not handed over: %s", connection_id, error)


def others_wait(name: str) -> bool:
    """Whether jobs wait in a queue for a thread that takes them."""
    try:
        return queue(name).count > 0
    except RedisError:
        return False


def nudge_arrived(connection_id: int) -> None:
    """Its job starts: what is queued from here on deserves a nudge of its own."""
    try:
        redis().delete(_key(connection_id))
    except RedisError:
        log.warning("Redis went away while QuickBooks connection %s started", connection_id)


def register() -> None:
    if not event.contains(Session, "after_commit", _send):  # a process may create several apps
        event.listen(Session, "after_commit", _send)
        event.listen(Session, "after_rollback", _forget)


def _send(session: Session) -> None:
    for connection_id in session.info.pop(_WAITING, ()):
        nudge(connection_id)


def _forget(session: Session) -> None:
    session.info.pop(_WAITING, None)


def _key(connection_id: int) -> str:
    return f"quickbooks:nudged:{connection_id}"


def _bulk_key(connection_id: int) -> str:
    return f"quickbooks:bulk:{connection_id}"
