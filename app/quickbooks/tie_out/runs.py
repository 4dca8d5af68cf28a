"""A tie-out's life: started by an Owner, run by a worker, done or failed with a sentence. One at a time."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import delete, insert, select, update

from app.activity.models import Kind
from app.activity.recording import record
from app.extensions import SLOW, db, now, queue
from app.quickbooks.account import tokens
from app.quickbooks.account.gateway import client_for
from app.quickbooks.api.errors import ApiError
from app.quickbooks.kinds.comparison import RemoteInvoices
from app.quickbooks.models import Connection
from app.quickbooks.tie_out import troubles, verdicts, watch
from app.quickbooks.tie_out.models import TieOut, TieOutLine, TieOutState
from app.quickbooks.tie_out.reading import PAGE_SIZE, Reading

log = logging.getLogger(__name__)

JOB = "app.quickbooks.jobs.compare_books"
JOB_SECONDS = 3600
LOST_AFTER = timedelta(seconds=200)  # longer than a request may wait for its turn and then take
KEPT = 5


class Stopped(Exception):
    """The worker was told to stop."""


class Superseded(Exception):
    """The run was given up for lost, and another may have begun."""


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
            _end(latest.id, TieOutState.FAILED, message=troubles.INTERRUPTED)
    fresh = TieOut(connection_id=connection.id, state=TieOutState.RUNNING)
    db.session.add(fresh)
    record(Kind.SYNC, "started a tie-out", connection.company_id)
    db.session.commit()
    _enqueue(fresh.id)
    return fresh


def run(tie_out_id: int, go_on: Callable[[], bool], page_size: int = PAGE_SIZE) -> None:
    """Read QuickBooks, compare, store; `go_on` is asked between requests. Commits."""
    try:
        _compare(tie_out_id, go_on, page_size)
    except Superseded:
        db.session.rollback()
        log.info("Tie-out %s is no longer wanted", tie_out_id)
    except Stopped:
        _fail(tie_out_id, troubles.INTERRUPTED)
    except tokens.TokenError as error:
        _fail(tie_out_id, troubles.token_trouble(error))
    except ApiError as error:
        db.session.rollback()
        connection_id = db.session.get_one(TieOut, tie_out_id).connection_id
        _fail(tie_out_id, troubles.wire_trouble(connection_id, error))


def _compare(tie_out_id: int, go_on: Callable[[], bool], page_size: int) -> None:
    _beat(tie_out_id, go_on, 0, 0)
    connection_id = db.session.get_one(TieOut, tie_out_id).connection_id
    db.session.commit()
    reading = Reading(client_for(connection_id), partial(_beat, tie_out_id, go_on), page_size)
    there = RemoteInvoices(reading.everything())
    connection = db.session.get_one(Connection, connection_id)
    doubtful = [one.link.remote_id for one in verdicts.compare(connection, there) if one.is_doubtful]
    db.session.commit()
    if doubtful:
        there = RemoteInvoices(reading.again(doubtful))
    _store(tie_out_id, connection_id, there)
    watch.check_everything(connection_id, there)


def _beat(tie_out_id: int, go_on: Callable[[], bool], read: int, expected: int) -> None:
    """Between two requests: still wanted, still at it. Commits, so that none is made within a transaction."""
    if not go_on():
        raise Stopped
    _while_running(tie_out_id, read=read, expected=expected)
    db.session.commit()


def _store(tie_out_id: int, connection_id: int, there: RemoteInvoices) -> None:
    connection = db.session.get_one(Connection, connection_id)
    _end(
        tie_out_id,
        TieOutState.DONE,
        read=len(there.by_id),
        expected=len(there.by_id),
        made_there=verdicts.made_there(connection, there),
    )
    if rows := [one.as_row(tie_out_id) for one in verdicts.compare(connection, there)]:
        db.session.execute(insert(TieOutLine), rows)
    _forget_older(connection_id)
    db.session.commit()


def _fail(tie_out_id: int, message: str) -> None:
    db.session.rollback()
    with suppress(Superseded):
        _end(tie_out_id, TieOutState.FAILED, message=message)
    db.session.commit()


def _end(tie_out_id: int, state: TieOutState, **values: Any) -> None:
    _while_running(tie_out_id, state=state, finished_at=now(), **values)


def _while_running(tie_out_id: int, **values: Any) -> None:
    """One conditional update. Raises Superseded when the run has ended already."""
    changed = db.session.execute(
        update(TieOut)
        .where(TieOut.id == tie_out_id, TieOut.state == TieOutState.RUNNING)
        .values(updated_at=now(), **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:
        raise Superseded


def _enqueue(tie_out_id: int) -> None:
    try:
        queue(SLOW).enqueue(JOB, tie_out_id, job_timeout=JOB_SECONDS, result_ttl=60, failure_ttl=7 * 86400)
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
    """Two Owners at once start one run."""
    db.session.execute(select(Connection.id).where(Connection.id == connection.id).with_for_update())


def _forget_older(connection_id: int) -> None:
    """All but the latest runs that were done; what failed before is of no use any more."""
    kept = (
        select(TieOut.id)
        .where(TieOut.connection_id == connection_id, TieOut.state == TieOutState.DONE)
        .order_by(TieOut.id.desc())
        .limit(KEPT)
    )
    old = delete(TieOut).where(
        TieOut.connection_id == connection_id,
        TieOut.state != TieOutState.RUNNING,
        TieOut.id.not_in(kept),
    )
    db.session.execute(old.execution_options(synchronize_session=False))
