"""A batch and its rows while its outcome is written down: locked in one order, closed once, each try remembered."""

from sqlalchemy import select

from app.extensions import db, now
from app.quickbooks.api.errors import Fault
from app.quickbooks.models import BatchState, Connection, PushBatch, SyncAttempt, SyncTask
from app.quickbooks.models.batch_items import BatchItem
from app.quickbooks.outbox.states import ON_THE_WIRE

ANSWERED = dict.fromkeys(("accepted", "found", "reread"), 200)


def lock_open(batch_id: int) -> PushBatch | None:
    """None when another process settled it first; the caller ends the transaction either way.

    The connection is locked before the batch and the batch before its rows, which is the order in which connecting
    anew locks: so the two cannot deadlock.
    """
    owner = select(PushBatch.connection_id).where(PushBatch.id == batch_id).scalar_subquery()
    db.session.execute(select(Connection.id).where(Connection.id == owner).with_for_update(key_share=True))
    return db.session.scalar(
        select(PushBatch)
        .where(PushBatch.id == batch_id, PushBatch.state == BatchState.WRITTEN)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def lock_rows(batch: PushBatch) -> dict[int, SyncTask]:
    """Locked in the order the outbox writes in, so that a save and a settlement cannot deadlock."""
    rows = db.session.scalars(
        select(SyncTask)
        .where(SyncTask.batch_id == batch.id, SyncTask.state.in_(ON_THE_WIRE))
        .order_by(SyncTask.kind, SyncTask.record_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {task.id: task for task in rows}


def rows_with_items(batch: PushBatch) -> list[tuple[BatchItem, SyncTask]]:
    tasks = lock_rows(batch)
    return [(item, tasks[item.task_id]) for item in batch.items if item.task_id in tasks]


def close(batch: PushBatch) -> None:
    batch.state, batch.settled_at, batch.check_at = BatchState.SETTLED, now(), None


def remember(
    task: SyncTask, batch: PushBatch, item: BatchItem, outcome: str, fault: Fault | None = None, tid: str = ""
) -> None:
    """The attempt, for the row's history."""
    db.session.add(
        SyncAttempt(
            task_id=task.id,
            at=now(),
            version=item.version,
            operation=item.operation,
            outcome=outcome,
            request_id=batch.request_id,
            http_status=fault.status if fault else ANSWERED.get(outcome),
            code=fault.code if fault else "",
            detail=fault.text if fault else "",
            intuit_tid=(fault.intuit_tid if fault else "") or tid,
            fault=fault.as_json() if fault else None,
        )
    )
