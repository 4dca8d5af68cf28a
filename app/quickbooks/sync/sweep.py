"""The schedule: finds what is due and wakes its lane. Whatever nudge was lost, the sweep makes good."""

from datetime import timedelta

from sqlalchemy import Select, exists, or_, select, update

from app.accounts.models import Company, Plan
from app.extensions import db, now
from app.quickbooks import tokens
from app.quickbooks.models import (
    BatchState,
    Connection,
    ConnectionState,
    PushBatch,
    SyncTask,
    TaskState,
)
from app.quickbooks.sync.nudge import nudge

KEEP_ALIVE = timedelta(days=1)


def sweep() -> list[int]:
    """Nudge every connection with something to do; returns their ids."""
    _wake_sleepers()
    connection_ids = list(db.session.scalars(_with_work()))
    db.session.commit()
    for connection_id in connection_ids:
        nudge(connection_id)
    return connection_ids


def keep_tokens_alive() -> None:
    """A connection that has nothing to send still has to renew its tokens now and then (contract 1.5)."""
    idle = db.session.scalars(
        select(Connection.id).where(
            Connection.state == ConnectionState.CONNECTED,
            Connection.access_expires_at < now() - KEEP_ALIVE,
        )
    ).all()
    db.session.commit()
    for connection_id in idle:
        try:
            tokens.access_token(connection_id)
        except tokens.TokenError:
            db.session.rollback()


def _with_work() -> Select[tuple[int]]:
    moment = now()
    due_row = exists().where(
        SyncTask.connection_id == Connection.id,
        SyncTask.state.in_((TaskState.QUEUED, TaskState.BACKOFF)),
        SyncTask.due_at <= moment,
        SyncTask.waits_for_id.is_(None),
    )
    open_batch = exists().where(
        PushBatch.connection_id == Connection.id,
        PushBatch.state == BatchState.WRITTEN,
        or_(PushBatch.check_at.is_(None), PushBatch.check_at <= moment),
    )
    return (
        select(Connection.id)
        .join(Connection.company)
        .where(
            Company.plan.in_([plan for plan in Plan if plan.has_quickbooks]),
            Connection.state == ConnectionState.CONNECTED,
            or_(Connection.paused_until.is_(None), Connection.paused_until <= moment),
            or_(Connection.lease_until.is_(None), Connection.lease_until < moment),
            or_(due_row, open_batch),
        )
    )


def _wake_sleepers() -> None:
    """Rows that wait for one which has succeeded meanwhile; a release that a crash swallowed."""
    needed = SyncTask.__table__.alias("needed")
    settled = select(needed.c.id).where(
        needed.c.state.in_([TaskState.SYNCED.value, TaskState.SKIPPED.value]),
        needed.c.id == SyncTask.waits_for_id,
    )
    db.session.execute(
        update(SyncTask)
        .where(SyncTask.waits_for_id.is_not(None), SyncTask.state == TaskState.QUEUED, settled.exists())
        .values(waits_for_id=None, due_at=now())
        .execution_options(synchronize_session=False)
    )
