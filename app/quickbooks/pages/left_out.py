"""What people keep out of QuickBooks: the latest, all of it, and what was left out alike. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, and_, func, select

from app.extensions import db
from app.invoices.models import Invoice
from app.lib.money import ZERO
from app.quickbooks.kinds.records import Shelf, name_of
from app.quickbooks.models import AttemptOutcome, Connection, RecordKind, SyncAttempt, SyncTask, TaskState
from app.quickbooks.outbox.invoice_counts import Sum
from app.quickbooks.pages.rows import total_of

AT_ONCE = 5  # so few that the queue stays small: it is polled
GROUPS_OF_A_PAGE = 50


@dataclass(frozen=True)
class LeftOut:
    """The row's message says who left it out, and why."""

    task: SyncTask
    name: str
    total: Decimal | None
    at: datetime | None


def all_of(connection: Connection) -> Select[SyncTask]:
    return select(SyncTask).where(
        SyncTask.connection_id == connection.id, SyncTask.state == TaskState.SKIPPED
    )


def latest(connection: Connection) -> list[LeftOut]:
    """The latest first, AT_ONCE at most."""
    decided = (
        select(SyncAttempt.task_id, func.max(SyncAttempt.at).label("at"))
        .where(
            SyncAttempt.task_id.in_(all_of(connection).with_only_columns(SyncTask.id)),
            SyncAttempt.outcome == AttemptOutcome.LEFT_OUT,
        )
        .group_by(SyncAttempt.task_id)
        .subquery()
    )
    rows = (
        all_of(connection)
        .add_columns(decided.c.at)
        .outerjoin(decided, decided.c.task_id == SyncTask.id)
        .order_by(decided.c.at.desc().nulls_last(), SyncTask.id.desc())
        .limit(AT_ONCE)
    )
    moments: dict[SyncTask, datetime | None] = dict(db.session.execute(rows).tuples().all())
    return _told(connection, list(moments), {task.id: at for task, at in moments.items()})


def told(connection: Connection, tasks: Sequence[SyncTask]) -> list[LeftOut]:
    """In their order."""
    decided = (
        select(SyncAttempt.task_id, func.max(SyncAttempt.at))
        .where(
            SyncAttempt.task_id.in_([task.id for task in tasks]),
            SyncAttempt.outcome == AttemptOutcome.LEFT_OUT,
        )
        .group_by(SyncAttempt.task_id)
    )
    return _told(connection, tasks, dict(db.session.execute(decided).tuples().all()) if tasks else {})


def _told(
    connection: Connection, tasks: Sequence[SyncTask], moments: Mapping[int, datetime | None]
) -> list[LeftOut]:
    shelf = Shelf.load(connection.id, tasks)
    return [
        LeftOut(
            task, name_of(shelf.record(task), task.kind), total_of(shelf.record(task)), moments.get(task.id)
        )
        for task in tasks
    ]


def alike(connection: Connection, limit: int = AT_ONCE) -> dict[str, Sum]:
    """By what the rows say, where several say it: left out by one person for one reason. The largest first."""
    groups = (
        all_of(connection)
        .with_only_columns(
            SyncTask.message, func.count(), func.sum(Invoice.counted_total), maintain_column_froms=True
        )
        .outerjoin(Invoice, and_(SyncTask.kind == RecordKind.INVOICE, Invoice.id == SyncTask.record_id))
        .group_by(SyncTask.message)
        .having(func.count() > 1)
        .order_by(func.count().desc(), SyncTask.message)
        .limit(limit)
    )
    return {
        message: Sum(count, total or ZERO) for message, count, total in db.session.execute(groups).tuples()
    }
