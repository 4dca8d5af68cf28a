"""One row's trouble stays one row's trouble.

What nobody foresaw stops one row or one batch, visibly, and the others go on.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from rq.timeouts import BaseTimeoutException
from sqlalchemy import select

from app.extensions import db, now
from app.patience import AWAY
from app.quickbooks.account.tokens import TokenError
from app.quickbooks.api.errors import ApiError
from app.quickbooks.catalogue import problem
from app.quickbooks.kinds.records import Shelf, name_of
from app.quickbooks.lane import batches
from app.quickbooks.lane.lease import LeaseLost
from app.quickbooks.models import AttemptOutcome, PushBatch, SyncAttempt, SyncTask, TaskState
from app.quickbooks.outbox import day_counts
from app.quickbooks.outbox.states import ALLOWED, ON_THE_WIRE, move

log = logging.getLogger(__name__)

Result = TypeVar("Result")

# Whoever called knows what to do about these; a job that took too long is ended by RQ with an exception of its own.
FORESEEN = (*AWAY, ApiError, TokenError, LeaseLost, BaseTimeoutException)
MAY_STOP = tuple(state for state, onwards in ALLOWED.items() if TaskState.ERROR in onwards)


@dataclass(frozen=True)
class RowFence:
    """What keeps the rows of one transaction apart, once something has broken it."""

    up: bool = False

    @contextmanager
    def around(self, task: SyncTask) -> Iterator[None]:
        """What breaks within is undone and stops the row, which the transaction has locked."""
        if not self.up:
            yield
            return
        try:
            with db.session.begin_nested():
                yield
        except FORESEEN:
            raise
        except Exception as error:
            log.exception("Something unforeseen stops outbox row %s", task.id)
            _stop([task.id], error)

    def groups(self, tasks: Sequence[SyncTask]) -> Iterable[Sequence[SyncTask]]:
        """What may be done for all at once, or for each alone."""
        if self.up:
            return [[task] for task in tasks]
        return [tasks] if tasks else []


def row_by_row(work: Callable[[RowFence], Result]) -> Result:
    """Do one whole transaction; should something unforeseen break it, do it again with a fence around each row.

    The first time without fences, because each costs a savepoint, and next to nothing ever breaks.
    """
    try:
        return work(RowFence())
    except FORESEEN:
        raise
    except Exception:
        db.session.rollback()
        log.exception("Something unforeseen broke a transaction; it is done again row by row")
        return work(RowFence(up=True))


@contextmanager
def stopping(task_ids: Sequence[int]) -> Iterator[None]:
    """What breaks within stops these rows. Rolls back and commits then."""
    try:
        yield
    except FORESEEN:
        raise
    except Exception as error:
        db.session.rollback()
        log.exception("Something unforeseen stops the outbox rows %s", task_ids)
        _stop(task_ids, error)
        db.session.commit()


@contextmanager
def stopping_batch(batch_id: int, ends_at: Callable[[PushBatch], datetime]) -> Iterator[None]:
    """What breaks within postpones the batch to the moment `ends_at` names, and from then on stops its rows: until
    then QuickBooks may still be working on it. Rolls back and commits then.
    """
    try:
        yield
    except FORESEEN:
        raise
    except Exception as error:
        db.session.rollback()
        log.exception("Batch %s cannot be settled; the others can", batch_id)
        batch = db.session.get_one(PushBatch, batch_id, with_for_update=True, populate_existing=True)
        end = ends_at(batch)
        if end > now():
            batch.check_at = end
        else:
            batches.close(batch)
            _stop([item.task_id for item in batch.items], error, ON_THE_WIRE)
        db.session.commit()


def _stop(task_ids: Sequence[int], error: Exception, states: Sequence[TaskState] = MAY_STOP) -> None:
    """What waits behind them is woken by the sweep and says so. The caller commits."""
    tasks = db.session.scalars(
        select(SyncTask)
        .where(SyncTask.id.in_(task_ids), SyncTask.state.in_(states))
        .order_by(SyncTask.kind, SyncTask.record_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for task in tasks:
        task.problem = "unforeseen"
        task.message, task.remedy = problem("unforeseen").words(record=_name(task))
        task.batch_id = task.waits_for_id = None
        task.failed_at = now()
        move(task, TaskState.ERROR)
        day_counts.note_failed(task)
        attempt = {"version": task.wanted, "operation": "stop", "outcome": AttemptOutcome.STOPPED}
        db.session.add(SyncAttempt(task_id=task.id, at=now(), detail=type(error).__name__, **attempt))


def _name(task: SyncTask) -> str:
    """The record itself may be what broke us."""
    try:
        with db.session.begin_nested():
            return name_of(Shelf.load(task.connection_id, [task]).record(task), task.kind)
    except FORESEEN:
        raise
    except Exception:
        return name_of(None, task.kind)
