"""What has served its purpose goes: the contents of settled batches, old tries of a row, the counts of old days."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, func, select, update

from app.extensions import db, now, rows_changed
from app.quickbooks.models import BatchState, DayCount, PushBatch, SyncAttempt, SyncTask
from app.quickbooks.outbox.day_counts import KEPT_DAYS

ATTEMPTS_KEPT = 50  # a row
CHUNK = 1000  # batches, or rows whose tries are looked through, in one transaction


def prune() -> None:
    """Of every company. Commits after each chunk, so that no lock is held for long."""
    while _empty_batches():
        pass
    last: int | None = 0
    while last is not None:
        last = _forget_attempts(last)
    _forget_days()


def _empty_batches() -> bool:
    """They hold names, e-mails and addresses; the batch itself stays, for its request id."""
    oldest = now() - timedelta(days=current_app.config["QUICKBOOKS_KEEP_BATCHES_DAYS"])
    old = (
        select(PushBatch.id)
        .where(PushBatch.state == BatchState.SETTLED, PushBatch.items != [], PushBatch.settled_at < oldest)
        .order_by(PushBatch.settled_at)
        .limit(CHUNK)
    )
    emptied = rows_changed(
        update(PushBatch)
        .where(PushBatch.id.in_(old))
        .values(items=[])
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return emptied == CHUNK


def _forget_attempts(after: int) -> int | None:
    """Of the next rows, whose ids are greater than `after`. The last id looked at, None when there are no more."""
    tasks = select(SyncTask.id).where(SyncTask.id > after).order_by(SyncTask.id).limit(CHUNK)
    ids = list(db.session.scalars(tasks))
    age = func.row_number().over(partition_by=SyncAttempt.task_id, order_by=SyncAttempt.id.desc())
    aged = select(SyncAttempt.id, age.label("age")).where(SyncAttempt.task_id.in_(ids)).subquery()
    old = select(aged.c.id).where(aged.c.age > ATTEMPTS_KEPT)
    db.session.execute(
        delete(SyncAttempt).where(SyncAttempt.id.in_(old)).execution_options(synchronize_session=False)
    )
    db.session.commit()
    return ids[-1] if ids else None


def _forget_days() -> None:
    oldest = (now() - timedelta(days=KEPT_DAYS)).date()
    db.session.execute(
        delete(DayCount).where(DayCount.day < oldest).execution_options(synchronize_session=False)
    )
    db.session.commit()
