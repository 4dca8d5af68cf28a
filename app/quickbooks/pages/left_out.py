"""What people keep out of QuickBooks: the latest, and what was left out alike. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import and_, func, select

from app.extensions import db
from app.invoices.models import Invoice
from app.lib.money import ZERO
from app.quickbooks.kinds.records import Shelf, name_of
from app.quickbooks.models import Connection, RecordKind, SyncAttempt, SyncTask, TaskState
from app.quickbooks.outbox import decisions
from app.quickbooks.outbox.invoice_counts import Sum
from app.quickbooks.pages.rows import total_of

AT_ONCE = 5


@dataclass(frozen=True)
class LeftOut:
    """The row's message says who left it out, and why; `alike` is all that the same words stand at."""

    task: SyncTask
    name: str
    total: Decimal | None
    at: datetime | None
    alike: Sum


def latest(connection: Connection) -> list[LeftOut]:
    """The latest first, AT_ONCE at most."""
    decided = (
        select(SyncAttempt.task_id, func.max(SyncAttempt.at).label("at"))
        .where(SyncAttempt.outcome == decisions.LEFT_OUT)
        .group_by(SyncAttempt.task_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            SyncTask,
            decided.c.at,
            func.count().over(partition_by=SyncTask.message),
            func.sum(Invoice.counted_total).over(partition_by=SyncTask.message),
        )
        .outerjoin(decided, decided.c.task_id == SyncTask.id)
        .outerjoin(Invoice, and_(SyncTask.kind == RecordKind.INVOICE, Invoice.id == SyncTask.record_id))
        .where(SyncTask.connection_id == connection.id, SyncTask.state == TaskState.SKIPPED)
        .order_by(decided.c.at.desc().nulls_last(), SyncTask.id.desc())
        .limit(AT_ONCE)
    ).all()
    shelf = Shelf.load(connection.id, [task for task, *_ in rows])
    return [
        LeftOut(
            task,
            name_of(shelf.record(task), task.kind),
            total_of(shelf.record(task)),
            at,
            Sum(count, total or ZERO),
        )
        for task, at, count, total in rows
    ]


def alike(shown: Iterable[LeftOut]) -> dict[str, Sum]:
    """By what the rows say, where several say it: left out by one person for one reason."""
    return {row.task.message: row.alike for row in shown if row.alike.count > 1}
