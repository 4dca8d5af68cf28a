"""A tie-out's life: started by a person or for the weekly letter, run by workers in slices, done or failed with a
sentence.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import select

from app.activity.models import Kind
from app.activity.recording import record
from app.extensions import SLOW, db, enqueue, now
from app.quickbooks.account import tokens
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.errors import ApiError
from app.quickbooks.models import Connection
from app.quickbooks.tie_out import reading, troubles
from app.quickbooks.tie_out.models import TieOut, TieOutState
from app.quickbooks.tie_out.progress import Superseded, end
from app.quickbooks.tie_out.reading import PAGE_SIZE
from app.quickbooks.tie_out.steps import Work

log = logging.getLogger(__name__)

JOB = "app.quickbooks.jobs.compare_books"
JOB_SECONDS = 600
# Longer than a slice waits behind the others, and its request for an answer.
LOST_AFTER = timedelta(minutes=10)


def newest(connection: Connection) -> TieOut | None:
    return _latest(connection)


def newest_done(connection: Connection) -> TieOut | None:
    """The one whose results are shown."""
    return _latest(connection, TieOut.state == TieOutState.DONE)


def is_lost(tie_out: TieOut) -> bool:
    """It says that it runs, and no worker has been heard of for too long."""
    return tie_out.state is TieOutState.RUNNING and tie_out.updated_at + LOST_AFTER < now()


def start(connection: Connection) -> TieOut:
    """The run that is under way, or a new one. Commits."""
    _lock(connection)
    latest = newest(connection)
    if latest and latest.state is TieOutState.RUNNING and not is_lost(latest):
        db.session.commit()
        return latest
    if latest and is_lost(latest):
        with suppress(Superseded):
            end(latest.id, TieOutState.FAILED, message=troubles.INTERRUPTED)
    fresh = TieOut(connection_id=connection.id, state=TieOutState.RUNNING)
    db.session.add(fresh)
    record(Kind.SYNC, "started a tie-out", connection.company_id)
    db.session.commit()
    run_later(fresh.id)
    return fresh


@reading_for("tie-out")
def run(tie_out_id: int, go_on: Callable[[], bool], page_size: int = PAGE_SIZE) -> bool:
    """A slice of the work, as long as `go_on` says so, which is asked between requests. False when there is more:
    have it run later. Commits.
    """
    try:
        work = Work.on(tie_out_id, page_size)
        while go_on():
            if work.step():
                return True
    except Superseded:
        db.session.rollback()
        log.info("Tie-out %s is no longer wanted", tie_out_id)
    except tokens.TokenError as error:
        _fail(tie_out_id, troubles.token_trouble(error))
    except ApiError as error:
        db.session.rollback()
        connection_id = db.session.get_one(TieOut, tie_out_id).connection_id
        _fail(tie_out_id, troubles.wire_trouble(connection_id, error))
    else:
        return False
    return True


def _fail(tie_out_id: int, message: str) -> None:
    db.session.rollback()
    with suppress(Superseded):
        end(tie_out_id, TieOutState.FAILED, message=message)
    reading.done_with(tie_out_id)
    db.session.commit()


def run_later(tie_out_id: int) -> None:
    """Have a worker do the next slice. Commits when that is not possible."""
    try:
        enqueue(SLOW, JOB, tie_out_id, JOB_SECONDS)
    except RedisError as error:
        log.warning("Tie-out %s was not queued: %s", tie_out_id, error)
        _fail(tie_out_id, troubles.NOT_STARTED)


def _latest(connection: Connection, *conditions: Any) -> TieOut | None:
    return db.session.scalar(
        select(TieOut)
        .where(TieOut.connection_id == connection.id, *conditions)
        .order_by(TieOut.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def _lock(connection: Connection) -> None:
    """Two who start one at the same moment start one run."""
    db.session.execute(select(Connection.id).where(Connection.id == connection.id).with_for_update())
