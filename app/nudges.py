"""Wake a worker for a row. A nudge stands for all that follow until its job starts, and losing one is harmless: a
sweep finds the row.
"""

import logging
from dataclasses import dataclass

from redis.exceptions import RedisError
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.extensions import db, enqueue, redis

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Nudges:
    """Those of one job."""

    key: str  # in Redis, with the row's id: "mail:nudged"
    what: str  # in the log: "Mail"
    queue: str
    job: str  # a function's full name
    job_seconds: int
    hold_seconds: int  # how long one stands, unless its job starts earlier
    at_front: bool = False  # of the queue: somebody waits for it

    def give(self, row_id: int) -> None:
        """Enqueue the row's job unless one is waiting already."""
        try:
            if redis().set(self._key(row_id), 1, nx=True, ex=self.hold_seconds):
                enqueue(self.queue, self.job, row_id, self.job_seconds, at_front=self.at_front)
        except RedisError as error:
            log.warning("%s %s was not nudged: %s", self.what, row_id, error)

    def give_after_commit(self, row_id: int) -> None:
        """Needs `register`."""
        db.session.info.setdefault(self.key, set()).add(row_id)

    def arrived(self, row_id: int) -> None:
        """Its job starts: what comes from here on deserves a nudge of its own."""
        try:
            redis().delete(self._key(row_id))
        except RedisError:
            log.warning("Redis went away while %s %s started", self.what, row_id)

    def register(self) -> None:
        if not event.contains(Session, "after_commit", self._give_all):  # a process may create several apps
            event.listen(Session, "after_commit", self._give_all)
            event.listen(Session, "after_rollback", self._forget)

    def _give_all(self, session: Session) -> None:
        waiting = session.info.pop(self.key, ())
        for row_id in sorted(waiting, reverse=self.at_front):  # the last one is put in front
            self.give(row_id)

    def _forget(self, session: Session) -> None:
        session.info.pop(self.key, None)

    def _key(self, row_id: int) -> str:
        return f"{self.key}:{row_id}"
