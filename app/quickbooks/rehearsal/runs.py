"""A rehearsal's life: started by a person, run by a worker in parts, done or failed with a sentence."""

import hashlib
import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from redis.exceptions import RedisError
from sqlalchemy import delete, insert, inspect, select, update

from app.activity.models import Kind
from app.activity.recording import record
from app.extensions import SLOW, db, enqueue, now, rows_changed
from app.quickbooks.account import company, tokens
from app.quickbooks.account.gateway import client_for
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.client import Client
from app.quickbooks.api.errors import ApiError
from app.quickbooks.lane.facts import read_facts
from app.quickbooks.matching import directory
from app.quickbooks.models import Connection, Preferences, RecordKind
from app.quickbooks.rehearsal import scene
from app.quickbooks.rehearsal.acting import Stage
from app.quickbooks.rehearsal.foreseen import Foreseen
from app.quickbooks.rehearsal.models import Rehearsal, RehearsalLine, RehearsalState
from app.quickbooks.tie_out import troubles

log = logging.getLogger(__name__)

JOB = "app.quickbooks.jobs.rehearse"
JOB_SECONDS = 1800
LOST_AFTER = timedelta(minutes=10)
PART = 200  # records that are planned in one transaction, for some seconds at most
KEPT = 3
NOT_STARTED = "The rehearsal could not be started. Try again in a minute."
INTERRUPTED = "The rehearsal was interrupted. Start it again."
NOT_READ = "QuickBooks could not be read, so nobody can say what would become of this. {}"


class Superseded(Exception):
    """The run has ended, and another may have begun."""


def newest(connection: Connection, *states: RehearsalState) -> Rehearsal | None:
    query = select(Rehearsal).where(Rehearsal.connection_id == connection.id)
    if states:
        query = query.where(Rehearsal.state.in_(states))
    return db.session.scalar(
        query.order_by(Rehearsal.id.desc()).limit(1).execution_options(populate_existing=True)
    )


def is_lost(run: Rehearsal) -> bool:
    return run.state is RehearsalState.RUNNING and run.updated_at + LOST_AFTER < now()


def start(connection: Connection) -> Rehearsal:
    """The run that is under way, or a new one. Commits."""
    db.session.execute(select(Connection.id).where(Connection.id == connection.id).with_for_update())
    latest = newest(connection)
    if latest and latest.state is RehearsalState.RUNNING and not is_lost(latest):
        db.session.commit()
        return latest
    if latest and is_lost(latest):
        latest.state, latest.message = RehearsalState.FAILED, INTERRUPTED
    fresh = Rehearsal(
        connection_id=connection.id, state=RehearsalState.RUNNING, chosen=chosen(connection.preferences)
    )
    db.session.add(fresh)
    record(Kind.SYNC, "rehearsed the sending to QuickBooks", connection.company_id)
    db.session.commit()
    _run_later(fresh)
    return fresh


def chosen(preferences: Preferences) -> str:
    """A digest of what the Owner chose: another one makes a rehearsal stale."""
    values = sorted(
        (column.key, repr(getattr(preferences, column.key))) for column in inspect(Preferences).columns
    )
    return hashlib.sha256(repr(values).encode()).hexdigest()


@reading_for("rehearsal")
def run(rehearsal_id: int) -> None:
    """All of it, part by part; each part is told as it is done. Commits."""
    try:
        _run(rehearsal_id)
    except Superseded:
        db.session.rollback()
        log.info("Rehearsal %s is no longer wanted", rehearsal_id)
    except (ApiError, tokens.TokenError) as error:
        db.session.rollback()
        log.warning("Rehearsal %s could not read QuickBooks: %s", rehearsal_id, error)
        connection_id = db.session.get_one(Rehearsal, rehearsal_id).connection_id
        why = troubles.read_trouble(connection_id, error, troubles.REHEARSAL)
        fail(rehearsal_id, NOT_READ.format(why))


def fail(rehearsal_id: int, message: str) -> None:
    """Commits."""
    db.session.execute(
        update(Rehearsal)
        .where(Rehearsal.id == rehearsal_id, Rehearsal.state == RehearsalState.RUNNING)
        .values(state=RehearsalState.FAILED, message=message, finished_at=now())
    )
    db.session.commit()


def _run(rehearsal_id: int) -> None:
    connection_id = db.session.get_one(Rehearsal, rehearsal_id).connection_id
    client = partial(client_for, connection_id)
    keys = _prepare(connection_id, client)
    _advance(rehearsal_id, expected=len(keys))
    stage = Stage(connection_id, client)
    for start in range(0, len(keys), PART):
        part = keys[start : start + PART]
        foreseen = stage.act(part)
        _keep(rehearsal_id, foreseen)
        _advance(rehearsal_id, done=start + len(part))
    _advance(rehearsal_id, state=RehearsalState.DONE, finished_at=now())
    _forget_older(connection_id)


def _prepare(connection_id: int, client: Callable[[], Client]) -> list[tuple[RecordKind, int]]:
    """What the lane would read before it sends anything is read now."""
    connection = db.session.get_one(Connection, connection_id)
    knows, read_at = company.knows_enough(connection) and bool(connection.facts), connection.customers_read_at
    db.session.commit()
    if not knows:
        read_facts(connection_id, client())
    keys = scene.whole_backlog(db.session.get_one(Connection, connection_id))
    db.session.commit()
    if read_at is None and keys:
        directory.read(connection_id, client())
    return keys


def _keep(rehearsal_id: int, foreseen: Iterable[Foreseen]) -> None:
    rows = [
        {
            "rehearsal_id": rehearsal_id,
            "kind": one.key[0],
            "record_id": one.key[1],
            "name": one.name,
            "amount": one.amount,
            "fate": one.fate,
            "problem": one.problem,
            "message": one.message,
            "remedy": one.remedy,
        }
        for one in foreseen
    ]
    if rows:
        db.session.execute(insert(RehearsalLine), rows)


def _advance(rehearsal_id: int, **values: object) -> None:
    """Commits. Raises Superseded when the run has ended already."""
    moved = rows_changed(
        update(Rehearsal)
        .where(Rehearsal.id == rehearsal_id, Rehearsal.state == RehearsalState.RUNNING)
        .values(updated_at=now(), **values)
        .execution_options(synchronize_session=False)
    )
    if moved != 1:
        raise Superseded
    db.session.commit()


def _run_later(fresh: Rehearsal) -> None:
    try:
        enqueue(SLOW, JOB, fresh.id, JOB_SECONDS)
    except RedisError as error:
        log.warning("Rehearsal %s was not queued: %s", fresh.id, error)
        fail(fresh.id, NOT_STARTED)


def _forget_older(connection_id: int) -> None:
    """Commits."""
    kept = (
        select(Rehearsal.id)
        .where(Rehearsal.connection_id == connection_id)
        .order_by(Rehearsal.id.desc())
        .limit(KEPT)
    )
    old = delete(Rehearsal).where(Rehearsal.connection_id == connection_id, Rehearsal.id.not_in(kept))
    db.session.execute(old.execution_options(synchronize_session=False))
    db.session.commit()
