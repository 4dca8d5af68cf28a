"""Rows that are ready to go become batches, written down before they leave."""

import uuid
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ARRAY, Integer, func, literal, update

from app.extensions import db, now
from app.quickbooks.kinds.operations import Operation
from app.quickbooks.lane.room import BATCH_SIZE, SINGLES_OUT, Room
from app.quickbooks.models import PushBatch, RecordKind, SyncTask, TaskState
from app.quickbooks.models.batch_items import BatchItem

Ready = tuple[SyncTask, Operation]


def cut(ready: Sequence[Ready], room: Room) -> Iterable[Sequence[Ready]]:
    """Full batches first; few rows that are left over, and what the batches have no room for, in plain requests.
    Rows that failed before travel alone, so that one bad row cannot spoil a batch again and again. So do the voids
    of invoices: no page of Intuit's says that a batch takes them (contract section 2.8). Of many such rows, the
    others wait for the next wave.
    """
    alone = [pair for pair in ready if _goes_alone(*pair)][:SINGLES_OUT]
    together = [pair for pair in ready if not _goes_alone(*pair)]
    rest = len(together) % BATCH_SIZE
    in_batches = min(room.batches * BATCH_SIZE, len(together) - (rest if rest <= room.unbatched else 0))
    batched = together[:in_batches]
    yield from ([pair] for pair in alone)
    yield from (batched[start : start + BATCH_SIZE] for start in range(0, len(batched), BATCH_SIZE))
    yield from ([pair] for pair in together[in_batches:])


def store(connection_id: int, chunks: Iterable[Sequence[Ready]]) -> list[PushBatch]:
    """Each under a request id of its own; their rows go on the wire. Two statements, however many there are: a
    plain request of a single row is written down like a batch. The caller commits.
    """
    listed = list(chunks)
    batches = [
        PushBatch(
            connection_id=connection_id,
            request_id=str(uuid.uuid4()),
            items=[_item(place, task, operation) for place, (task, operation) in enumerate(chunk, 1)],
        )
        for chunk in listed
    ]
    db.session.add_all(batches)
    db.session.flush()
    if batches:
        _put_on_the_wire(
            {task.id: batch.id for batch, chunk in zip(batches, listed, strict=True) for task, _ in chunk}
        )
    return batches


def _goes_alone(task: SyncTask, operation: Operation) -> bool:
    is_void = operation.operation == "void" and operation.entity == RecordKind.INVOICE.entity
    return is_void or bool(task.attempts or task.fixes)


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
        void_next=operation.void_next,
        include=operation.include,
        read_at=now(),
    )


def _put_on_the_wire(batch_of: Mapping[int, int]) -> None:
    """The bulk form of states.move, for rows that this transaction has locked: by row, the batch it goes in."""
    ids = (literal(list(each), ARRAY(Integer)) for each in (batch_of.keys(), batch_of.values()))
    going = func.unnest(*ids).table_valued("task_id", "batch_id").render_derived()
    db.session.execute(
        update(SyncTask)
        .where(SyncTask.id == going.c.task_id)
        .values(state=TaskState.SENDING, batch_id=going.c.batch_id, sent=SyncTask.wanted)
        .execution_options(synchronize_session=False)
    )
