"""Keep records out of QuickBooks until somebody takes them back."""

from sqlalchemy import Select, select

from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks import outbox
from app.quickbooks.models import (
    Connection,
    RecordKind,
    SyncTask,
    TaskState,
)
from app.quickbooks.orders.records import note, queue
from app.quickbooks.outbox import decisions
from app.quickbooks.outbox.states import ON_THE_WIRE

AT_ONCE = 500


def leave_out(connection: Connection, kind: RecordKind, record_id: int, by: str, reason: str) -> None:
    """Keep a record out of QuickBooks until somebody takes it back. The caller commits.

    Raises ValueError with a sentence when the record is on its way at this moment.
    """
    outbox.ensure_queued(connection.id, kind, [record_id])
    task = outbox.task_for(connection.id, kind, record_id, lock=True)
    if task is None or task.state in ON_THE_WIRE:
        raise ValueError("It is on its way to QuickBooks at this moment. Try again when that is done.")
    if task.state is not TaskState.SKIPPED:
        decisions.leave_out(task, reason, by)
        note(connection, kind, record_id, f"left it out of QuickBooks: {reason}")


def leave_out_cause(connection: Connection, problem: str, by: str, reason: str) -> int:
    """Keep out what stopped at one problem and nobody has locked, AT_ONCE at most; how many. The caller
    commits.
    """
    stopped = select(SyncTask).filter_by(connection_id=connection.id, state=TaskState.ERROR, problem=problem)
    locked = stopped.order_by(SyncTask.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    tasks = db.session.scalars(locked.execution_options(populate_existing=True)).all()
    for task in tasks:
        decisions.leave_out(task, reason, by)
        note(connection, task.kind, task.record_id, f"left it out of QuickBooks: {reason}")
    return len(tasks)


def leave_out_never_sent(connection: Connection, invoices: Select[Invoice], by: str, reason: str) -> int:
    """Keep out those that were never sent, until somebody takes one back; returns how many. The caller commits."""
    chosen: Select[int] = invoices.with_only_columns(Invoice.id)
    count = decisions.leave_out_never_sent(connection.id, chosen, reason, by)
    which = "1 invoice that was" if count == 1 else f"{count:,} invoices that were"
    told = f"left {which} never sent out of QuickBooks: {reason}"
    record(ActivityKind.SYNC, told, connection.company_id)
    return count


def take_back_alike(connection: Connection, message: str, by: str) -> int:
    """Send what was left out with these words, AT_ONCE at most; returns how many. The caller commits."""
    left_out = select(SyncTask.kind, SyncTask.record_id).filter_by(
        connection_id=connection.id, state=TaskState.SKIPPED, message=message
    )
    found = db.session.execute(left_out.order_by(SyncTask.id).limit(AT_ONCE)).tuples().all()
    for kind, record_id in found:
        queue(connection, kind, record_id, by)
    if found:
        records = "1 record" if len(found) == 1 else f"{len(found)} records"
        told = f"took {records} back into the sync. {message}"
        record(ActivityKind.SYNC, told, connection.company_id)
    return len(found)
