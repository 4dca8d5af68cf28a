"""Find what is due and wake its lane: a chore of the schedule. It makes good whatever nudge was lost."""

from datetime import datetime

from sqlalchemy import Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import PLANS_WITH_QUICKBOOKS, Company
from app.extensions import db, now
from app.quickbooks.models import (
    Connection,
    ConnectionState,
    Preferences,
    RecordKind,
    SyncTask,
    TaskState,
)
from app.quickbooks.models.connection import paused_at, reads_blocked_at
from app.quickbooks.outbox import due_rows, rows
from app.quickbooks.outbox.nudge import nudge
from app.quickbooks.outbox.states import ASLEEP


def sweep() -> list[int]:
    """Nudge every connection with something to do; returns their ids."""
    _wake_sleepers()
    connection_ids = list(db.session.scalars(_with_work()))
    db.session.commit()
    for connection_id in connection_ids:
        nudge(connection_id)
    return connection_ids


def oldest_due() -> datetime | None:
    """Since when a row is due that no worker has taken up; only of connections that may send."""
    since = _with_work().with_only_columns(due_rows.first_due(Connection.id).label("since")).subquery()
    return db.session.scalar(select(func.min(since.c.since)))


def _with_work() -> Select[int]:
    moment = now()
    is_due = due_rows.first_due(Connection.id).is_not(None)
    open_batch = exists().where(*due_rows.to_check(Connection.id))
    may_read = not_(reads_blocked_at(moment))
    return (
        select(Connection.id)
        .join(Connection.company)
        .where(
            Company.plan.in_(PLANS_WITH_QUICKBOOKS),
            Connection.state == ConnectionState.CONNECTED,
            Connection.held_at.is_(None),
            not_(paused_at(moment)),
            or_(Connection.lease_until.is_(None), Connection.lease_until < moment),
            or_(is_due, and_(may_read, or_(open_batch, Connection.read_again_from.is_not(None)))),
        )
    )


def _wake_sleepers() -> None:
    """Rows that wait for one which has come to rest meanwhile, or for a payment though payments were switched off:
    both were being written at the same moment. Awake, they are sent, or say what they wait for.
    """
    needed = aliased(SyncTask)
    failed = (TaskState.ERROR, TaskState.SKIPPED)
    sleepers = (
        select(SyncTask.id)
        .join(needed, SyncTask.waits_for_id == needed.id)
        .join(Preferences, Preferences.connection_id == SyncTask.connection_id)
        .where(
            SyncTask.waits_for_id.is_not(None),  # for the index
            or_(
                needed.state == TaskState.SYNCED,
                and_(needed.state.in_(failed), SyncTask.state.in_(ASLEEP)),
                and_(
                    SyncTask.kind == RecordKind.INVOICE,
                    needed.kind == RecordKind.PAYMENT,
                    Preferences.sync_payments.is_(False),
                ),
            ),
        )
        .with_for_update(of=SyncTask, skip_locked=True)
    )
    if ids := db.session.scalars(sleepers).all():
        rows.wake(ids, TaskState.ERROR)
