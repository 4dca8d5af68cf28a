"""A tie-out's life: started by an Owner, run by workers in slices, done or failed with a sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import ColumnElement, delete, insert, select, update

from app.activity.models import Kind
from app.activity.recording import record
from app.extensions import SLOW, db, now, queue, rows_changed
from app.quickbooks.account import tokens
from app.quickbooks.account.gateway import client_for
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.client import Client
from app.quickbooks.api.errors import ApiError
from app.quickbooks.kinds.comparison import number_key
from app.quickbooks.models import Connection, RecordKind
from app.quickbooks.tie_out import findings, reading, troubles, verdicts, watch
from app.quickbooks.tie_out.books import Books
from app.quickbooks.tie_out.models import TieOut, TieOutLine, TieOutState
from app.quickbooks.tie_out.reading import IDS_AT_ONCE, PAGE_SIZE

log = logging.getLogger(__name__)

JOB = "app.quickbooks.jobs.compare_books"
JOB_SECONDS = 600
LOST_AFTER = timedelta(
    minutes=10
)  # longer than a slice waits behind the others, and its request for an answer
CHUNK = 500  # invoices of ours that are compared in one transaction
KEPT = 5


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
    enqueue(fresh.id)
    return fresh


@reading_for("tie-out")
def run(tie_out_id: int, go_on: Callable[[], bool], page_size: int = PAGE_SIZE) -> bool:
    """A slice of the work, as long as `go_on` says so, which is asked between requests. False when there is more:
    enqueue it again. Commits.
    """
    try:
        work = _Work.on(tie_out_id, page_size)
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


@dataclass(frozen=True)
class _Place:
    """How far a run has come."""

    next_start: int | None
    compared_to: int
    expected: int


@dataclass(frozen=True)
class _Work:
    """One request or one chunk a step; what was done is in the database, so anybody can take the next step.

    No transaction is open while QuickBooks is asked. Raises Superseded, TokenError and ApiError.
    """

    tie_out_id: int
    connection_id: int
    client: Client
    page_size: int

    @classmethod
    def on(cls, tie_out_id: int, page_size: int) -> _Work:
        _while_running(tie_out_id)
        connection_id = db.session.get_one(TieOut, tie_out_id).connection_id
        db.session.commit()
        return cls(tie_out_id, connection_id, client_for(connection_id), page_size)

    def step(self) -> bool:
        """True when that was the last."""
        _while_running(self.tie_out_id)
        tie_out = db.session.get_one(TieOut, self.tie_out_id, populate_existing=True)
        place = _Place(tie_out.next_start, tie_out.compared_to, tie_out.expected)
        db.session.commit()
        start = place.next_start
        if start is None:
            return self._compare(place)
        if start == 1 and not place.expected:
            watch.check_the_rest(self.connection_id, self.client)
            place = replace(place, expected=reading.count(self.client))
            self._advance(place, expected=place.expected)
            db.session.commit()
        self._read(place, start)
        return False

    def _read(self, place: _Place, start: int) -> None:
        page = reading.page(self.client, start, self.page_size)
        full = len(page) == self.page_size
        self._advance(place, next_start=start + self.page_size if full else None)
        reading.keep(self.tie_out_id, page)
        read = reading.how_many(self.tie_out_id)
        _while_running(self.tie_out_id, read=read, expected=max(read, place.expected))
        db.session.commit()

    def _compare(self, place: _Place) -> bool:
        connection = db.session.get_one(Connection, self.connection_id)
        chunk = verdicts.compare(connection, self.tie_out_id, place.compared_to, CHUNK)
        if not chunk:
            self._finish(connection)
            return True
        if doubtful := [one for one in chunk if one.is_doubtful]:
            ids = [one.link.remote_id for one in doubtful if one.link]
            numbers = {number_key(one.invoice.number) for one in doubtful}
            db.session.commit()
            self._look_again(ids, numbers)
            chunk = verdicts.compare(connection, self.tie_out_id, place.compared_to, len(chunk))
        self._advance(place, compared_to=chunk[-1].invoice.id)
        db.session.execute(insert(TieOutLine), [one.as_row(self.tie_out_id) for one in chunk])
        db.session.commit()
        return False

    def _look_again(self, remote_ids: Sequence[str], numbers: Collection[str]) -> None:
        """Ask for these anew, and say on the rows of our records what differs or is gone. Commits."""
        kind = RecordKind.INVOICE
        for start in range(0, len(remote_ids), IDS_AT_ONCE):
            asked = remote_ids[start : start + IDS_AT_ONCE]
            present = {record["Id"]: record for record in reading.again(self.client, asked)}
            reading.forget(self.tie_out_id, asked)
            reading.keep(self.tie_out_id, present.values())
            db.session.commit()
            gone = frozenset(asked) - present.keys()
            counted = reading.numbers(self.tie_out_id, numbers)
            books = Books({kind: present}, {kind: gone}, is_whole=False, numbers=counted)
            findings.note(self.connection_id, books)

    def _advance(self, place: _Place, **values: Any) -> None:
        """Only from where this step began: of two workers one goes on. The caller commits, and until then the other
        waits.
        """
        unmoved = (
            TieOut.next_start.is_not_distinct_from(place.next_start),
            TieOut.compared_to == place.compared_to,
        )
        _while_running(self.tie_out_id, *unmoved, **values)

    def _finish(self, connection: Connection) -> None:
        read = reading.how_many(self.tie_out_id)
        made_there = verdicts.made_there(connection, self.tie_out_id)
        _end(self.tie_out_id, TieOutState.DONE, read=read, expected=read, made_there=made_there)
        reading.done_with(self.tie_out_id)
        _forget_older(connection.id)
        db.session.commit()


def _fail(tie_out_id: int, message: str) -> None:
    db.session.rollback()
    with suppress(Superseded):
        _end(tie_out_id, TieOutState.FAILED, message=message)
    reading.done_with(tie_out_id)
    db.session.commit()


def _end(tie_out_id: int, state: TieOutState, **values: Any) -> None:
    _while_running(tie_out_id, state=state, finished_at=now(), **values)


def _while_running(tie_out_id: int, *conditions: ColumnElement[bool], **values: Any) -> None:
    """One conditional update. Raises Superseded when the run has ended already."""
    changed = rows_changed(
        update(TieOut)
        .where(TieOut.id == tie_out_id, TieOut.state == TieOutState.RUNNING, *conditions)
        .values(updated_at=now(), **values)
        .execution_options(synchronize_session=False)
    )
    if changed != 1:
        raise Superseded


def enqueue(tie_out_id: int) -> None:
    """Have a worker do the next slice. Commits when that is not possible."""
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
