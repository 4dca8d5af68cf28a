"""A batch and its rows while its outcome is written down: locked in one order, closed once, each attempt noted."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select, update

from app.extensions import db, now
from app.quickbooks.api.errors import Fault
from app.quickbooks.models import (
    LIVE,
    AttemptOutcome,
    BatchState,
    Connection,
    PushBatch,
    SyncAttempt,
    SyncTask,
)
from app.quickbooks.models.batch_items import BatchItem
from app.quickbooks.outbox.states import ON_THE_WIRE

ANSWERED = dict.fromkeys((AttemptOutcome.ACCEPTED, AttemptOutcome.FOUND, AttemptOutcome.REREAD), 200)


def lock_open(batch_id: int) -> PushBatch | None:
    """None when another process settled it first; the caller ends the transaction either way."""
    return next(iter(lock_all_open([batch_id])), None)


def lock_all_open(batch_ids: Collection[int]) -> Sequence[PushBatch]:
    """Those of one connection's batches that nobody has settled.

    The connection is locked before the batches and they before their rows, which is the order in which connecting
    anew locks: so the two cannot deadlock.
    """
    owner = select(PushBatch.connection_id).where(PushBatch.id.in_(batch_ids))
    db.session.execute(select(Connection.id).where(Connection.id.in_(owner)).with_for_update(key_share=True))
    return db.session.scalars(
        select(PushBatch)
        .where(PushBatch.id.in_(batch_ids), PushBatch.state == BatchState.WRITTEN)
        .order_by(PushBatch.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def lock_rows(*batches: PushBatch) -> dict[int, SyncTask]:
    """Locked in the order the outbox writes in, so that a save and a settlement cannot deadlock."""
    rows = db.session.scalars(
        select(SyncTask)
        .where(SyncTask.batch_id.in_([batch.id for batch in batches]), SyncTask.state.in_(ON_THE_WIRE))
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


def note_answer(connection_id: int, is_no_reset: bool = False) -> None:
    """QuickBooks has answered: the panel's “Last sync”. From the first answer on, a webhook is expected.
    `is_no_reset`: what is linked is there.
    """
    values = {"last_sync_at": now(), "unheard_since": func.coalesce(Connection.unheard_since, now())}
    if is_no_reset:
        values["reset_told_at"] = None
    db.session.execute(update(Connection).where(Connection.id == connection_id, LIVE).values(values))


def note_attempt(
    task: SyncTask,
    batch: PushBatch,
    item: BatchItem,
    outcome: AttemptOutcome,
    fault: Fault | None = None,
    tid: str = "",
) -> None:
    """For the row's history."""
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
