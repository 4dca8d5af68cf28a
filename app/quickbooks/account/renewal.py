"""A connection that has nothing to send still has to renew its tokens now and then, and one whose tokens were
refused a first time has to be asked about once more (contract section 1.5).
"""

import logging
from datetime import timedelta

from redis.exceptions import RedisError
from sqlalchemy import or_, select, update

from app.extensions import SLOW, db, enqueue, now
from app.quickbooks.models import Connection, ConnectionState

log = logging.getLogger(__name__)

JOB = "app.quickbooks.jobs.renew_tokens"
IDLE = timedelta(days=1)  # since the access token ended
NEXT_TRY = timedelta(hours=1)
AT_ONCE = 20


def queue_renewals() -> list[int]:
    """Have the tokens of connections that are idle, or in doubt, renewed by jobs, because Intuit may take long to
    answer. Commits.

    Returns their ids. Each is tried once an hour until its tokens are new.
    """
    moment = now()
    due = (
        select(Connection.id)
        .where(
            Connection.state == ConnectionState.CONNECTED,
            or_(Connection.access_expires_at < moment - IDLE, Connection.refresh_failed_at.is_not(None)),
            or_(Connection.renewal_due_at.is_(None), Connection.renewal_due_at <= moment),
        )
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    ids = list(db.session.scalars(due))
    db.session.execute(
        update(Connection).where(Connection.id.in_(ids)).values(renewal_due_at=moment + NEXT_TRY)
    )
    db.session.commit()
    for connection_id in ids:
        _run_later(connection_id)
    return ids


def _run_later(connection_id: int) -> None:
    try:
        enqueue(SLOW, JOB, connection_id, 120)
    except RedisError as error:
        log.warning("The renewal of QuickBooks connection %s was not queued: %s", connection_id, error)
