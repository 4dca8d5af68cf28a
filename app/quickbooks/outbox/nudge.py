"""Wake a worker for a connection, after the commit. Losing a nudge is harmless: the sweep finds the row."""

import logging

from redis.exceptions import RedisError
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.extensions import db, queue, redis

log = logging.getLogger(__name__)

JOB = "app.quickbooks.jobs.drain_connection"
_WAITING = "quickbooks_nudges"
HOLD_SECONDS = 30  # how long one nudge stands for all that follow, unless its job starts earlier
RESULT_SECONDS = 60  # with 0, RQ reads the job back to delete it, and fails if Redis was wiped meanwhile


def nudge_after_commit(connection_id: int) -> None:
    db.session.info.setdefault(_WAITING, set()).add(connection_id)


def nudge(connection_id: int) -> None:
    """Enqueue the connection's job unless one is waiting already."""
    try:
        if redis().set(_key(connection_id), 1, nx=True, ex=HOLD_SECONDS):
            queue().enqueue(
                JOB, connection_id, job_timeout=600, result_ttl=RESULT_SECONDS, failure_ttl=7 * 86400
            )
    except RedisError as error:
        log.warning("QuickBooks connection %s was not nudged: %s", connection_id, error)


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
