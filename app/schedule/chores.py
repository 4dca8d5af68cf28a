"""Doing what is due: PostgreSQL says whose turn it is, so that two workers never do the same chore at once."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db, now
from app.schedule.models import ChoreTime

log = logging.getLogger(__name__)

# How long a chore is left to the worker that took it, in case it died: at least, at most.
SHORTEST_TURN, LONGEST_TURN = timedelta(minutes=1), timedelta(minutes=10)
AGAIN = timedelta(minutes=1)  # after a failure, at the latest


@dataclass(frozen=True)
class Chore:
    """`work` takes nothing and is done once in `every`; it must not mind being cut short."""

    work: Callable[[], object]
    every: timedelta

    @property
    def name(self) -> str:
        return _name(self.work)

    @property
    def turn(self) -> timedelta:
        return min(max(self.every, SHORTEST_TURN), LONGEST_TURN)


def do_due(chores: Sequence[Chore]) -> None:
    """Each chore that is due and not taken by another worker. Whatever goes wrong in one, the others are done."""
    waiting: set[str] = set()
    with _outlived("The schedule"):
        waiting = _waiting()
    for chore in chores:
        if chore.name not in waiting:
            with _outlived(chore.name):
                if _take(chore):
                    _do(chore)


def last_done(work: Callable[[], object]) -> datetime | None:
    """When this chore last ended well."""
    return db.session.scalar(select(ChoreTime.done_at).filter_by(name=_name(work)))


def _name(work: Callable[[], object]) -> str:
    return f"{work.__module__}.{work.__name__}".removeprefix("app.")


@contextmanager
def _outlived(name: str) -> Iterator[None]:
    """An error is logged, and the round goes on."""
    try:
        yield
    except SQLAlchemyError as error:
        db.session.rollback()
        log.warning("%s waits for PostgreSQL: %s", name, error)
    except Exception:
        db.session.rollback()
        log.exception("%s stumbled over a bug of ours", name)


def _waiting() -> set[str]:
    """The names of the chores whose time has not come. One look, because most rounds find most of them waiting."""
    return set(db.session.scalars(select(ChoreTime.name).where(ChoreTime.due_at > now())))


def _do(chore: Chore) -> None:
    started = now()
    try:
        chore.work()
    except Exception:
        db.session.rollback()
        _set(chore, due_at=started + min(AGAIN, chore.every))
        raise
    _set(chore, due_at=started + chore.every, done_at=now())


def _take(chore: Chore) -> bool:
    """One conditional write, so that of several workers one has it. Commits."""
    moment = now()
    taken = db.session.execute(
        insert(ChoreTime)
        .values(name=chore.name, due_at=moment + chore.turn)
        .on_conflict_do_update(
            index_elements=[ChoreTime.name],
            set_={"due_at": moment + chore.turn},
            where=ChoreTime.due_at <= moment,
        )
        .returning(ChoreTime.name)
    ).first()
    db.session.commit()
    return taken is not None


def _set(chore: Chore, **values: object) -> None:
    db.session.execute(update(ChoreTime).where(ChoreTime.name == chore.name).values(**values))
    db.session.commit()
