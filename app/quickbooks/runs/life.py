"""The life of a run (models/runs.py): started by a person, taken up by workers, done, or failed with a sentence.

Its row moves by conditional updates: of two workers one goes on, and who was given up for lost stops.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from redis.exceptions import RedisError
from sqlalchemy import ColumnElement, delete, select, update

from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import SLOW, db, enqueue, now, rows_changed
from app.quickbooks.account.tokens import TokenError
from app.quickbooks.api.errors import ApiError
from app.quickbooks.models import Connection
from app.quickbooks.models.runs import Run, RunState
from app.quickbooks.runs.troubles import Reading, read_trouble

log = logging.getLogger(__name__)

R = TypeVar("R", bound=Run)


class Superseded(Exception):
    """The run has ended, and another may have begun."""


@dataclass(frozen=True)
class Runs(Generic[R]):
    """All runs of one kind. A connection has one at a time."""

    table: type[R]
    job: str  # of a slice: a function's full name
    job_seconds: int
    kept: int  # of those that were done
    reading: Reading
    # In words: why there is no result.
    interrupted: str
    not_started: str
    clear_away: Callable[[int], None] = lambda run_id: None  # what one that failed leaves behind

    def newest(self, connection: Connection) -> R | None:
        return self._newest(connection)

    def newest_done(self, connection: Connection) -> R | None:
        """The one whose results are shown."""
        return self._newest(connection, self.table.state == RunState.DONE)

    def trouble(self, run: R | None) -> str:
        """Why this one, the newest, has no result. Empty when it has one, or may have one yet."""
        if run is None:
            return ""
        return self.interrupted if run.is_lost else run.message

    def start(self, connection: Connection, told: str, **values: Any) -> R:
        """The run that is under way, or a new one; `told` is what the history says of it. Commits."""
        _lock(connection)
        latest = self.newest(connection)
        if latest and latest.is_under_way:
            db.session.commit()
            return latest
        if latest and latest.is_lost:
            with suppress(Superseded):
                self.end(latest.id, RunState.FAILED, message=self.interrupted)
        fresh = self.table(connection_id=connection.id, state=RunState.RUNNING, **values)
        db.session.add(fresh)
        record(ActivityKind.SYNC, told, connection.company_id)
        db.session.commit()
        self.run_later(fresh.id)
        return fresh

    def run_later(self, run_id: int) -> None:
        """Have a worker do the next slice. Commits when that is not possible."""
        try:
            enqueue(SLOW, self.job, run_id, self.job_seconds)
        except RedisError as error:
            log.warning("%s %s was not queued: %s", self.table.__name__, run_id, error)
            self.fail(run_id, self.not_started)

    @contextmanager
    def worked_on(self, run_id: int) -> Iterator[None]:
        """A worker's slice. What ends the run early is said on it and raised no further. Commits then."""
        try:
            yield
        except Superseded:
            db.session.rollback()
            log.info("%s %s is no longer wanted", self.table.__name__, run_id)
        except (ApiError, TokenError) as error:
            db.session.rollback()
            log.warning("%s %s could not read QuickBooks: %s", self.table.__name__, run_id, error)
            connection_id = db.session.get_one(self.table, run_id).connection_id
            self.fail(run_id, read_trouble(connection_id, error, self.reading))

    def while_running(self, run_id: int, *conditions: ColumnElement[bool], **values: Any) -> None:
        """One conditional update. Raises Superseded when the run has ended already."""
        changed = rows_changed(
            update(self.table)
            .where(self.table.id == run_id, self.table.state == RunState.RUNNING, *conditions)
            .values(updated_at=now(), **values)
            .execution_options(synchronize_session=False)
        )
        if changed != 1:
            raise Superseded

    def end(self, run_id: int, state: RunState, **values: Any) -> None:
        """The caller commits. Raises Superseded."""
        self.while_running(run_id, state=state, finished_at=now(), **values)

    def fail(self, run_id: int, message: str) -> None:
        """Unless it has ended. Commits."""
        db.session.rollback()
        with suppress(Superseded):
            self.end(run_id, RunState.FAILED, message=message)
        self.clear_away(run_id)
        db.session.commit()

    def forget_older(self, connection_id: int) -> None:
        """All but the latest that were done; what failed before is of no use any more. The caller commits."""
        table = self.table
        kept = (
            select(table.id)
            .where(table.connection_id == connection_id, table.state == RunState.DONE)
            .order_by(table.id.desc())
            .limit(self.kept)
        )
        old = delete(table).where(
            table.connection_id == connection_id,
            table.state != RunState.RUNNING,
            table.id.not_in(kept),
        )
        db.session.execute(old.execution_options(synchronize_session=False))

    def _newest(self, connection: Connection, *conditions: ColumnElement[bool]) -> R | None:
        return db.session.scalar(
            select(self.table)
            .where(self.table.connection_id == connection.id, *conditions)
            .order_by(self.table.id.desc())
            .limit(1)
            .execution_options(populate_existing=True)
        )


def _lock(connection: Connection) -> None:
    """Two who start one at the same moment start one run."""
    db.session.execute(select(Connection.id).where(Connection.id == connection.id).with_for_update())
