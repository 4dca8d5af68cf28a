"""Rows that are ready to go become batches, written down before they leave."""

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import update

from app.extensions import db, now
from app.quickbooks.kinds.operations import Operation
from app.quickbooks.lane.choosing import BATCH_SIZE, Room
from app.quickbooks.models import PushBatch, SyncTask, TaskState
from app.quickbooks.models.batch_items import BatchItem

Ready = tuple[SyncTask, Operation]


def cut(ready: Sequence[Ready], room: Room) -> Iterable[Sequence[Ready]]:
    """Full batches first, and what has no room in them in plain requests. Rows that failed before travel alone, so
    that one bad row cannot spoil a batch again and again.
    """
    alone = [pair for pair in ready if _failed_before(pair[0])]
    together = [pair for pair in ready if not _failed_before(pair[0])]
    in_batches = room.batches * BATCH_SIZE if len(together) > 2 else 0
    batched = together[:in_batches]
    yield from ([pair] for pair in alone)
    yield from (batched[start : start + BATCH_SIZE] for start in range(0, len(batched), BATCH_SIZE))
    yield from ([pair] for pair in together[in_batches:])


def store(connection_id: int, chunk: Sequence[Ready]) -> PushBatch:
    """Under a request id of its own; its rows go on the wire. The caller commits."""
    batch = PushBatch(
        connection_id=connection_id,
        request_id=str(uuid.uuid4()),
        items=[_item(place, task, operation) for place, (task, operation) in enumerate(chunk, 1)],
    )
    db.session.add(batch)
    db.session.flush()
    _put_on_the_wire([task.id for task, _ in chunk], batch)
    return batch


def _failed_before(task: SyncTask) -> bool:
    return bool(task.attempts or task.fixes)


def _item(place: int, task: SyncTask, operation: Operation) -> BatchItem:
    return BatchItem(
        bid=str(place),
        task_id=task.id,
        version=task.wanted,
        operation=operation.operation,
        entity=operation.entity,
        body=operation.body,
        ours=operation.ours,
        total=operation.total,
        then=operation.then,
        include=operation.include,
        read_at=now(),
    )


def _put_on_the_wire(task_ids: list[int], batch: PushBatch) -> None:
    """The bulk form of states.move, for rows that this transaction has locked."""
    db.session.execute(
        update(SyncTask)
        .where(SyncTask.id.in_(task_ids))
        .values(state=TaskState.SENDING, batch_id=batch.id, sent=SyncTask.wanted)
        .execution_options(synchronize_session=False)
    )
