"""What people ask for: push this record now, in the way they chose."""

from sqlalchemy import delete, select

from app.extensions import db
from app.quickbooks.models import Connection, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.sync import answers, outbox

# Somebody says that QuickBooks' settings have changed: the company is read anew before the next try.
READ_ANEW = frozenset({"books_closed", "no_tax_code", "sales_tax_off", "currency_differs"})


def push(connection: Connection, kind: RecordKind, record_id: int) -> None:
    """Sync, force or retry: a new intention each time. A retry after QuickBooks' record was deleted there
    is the consent to make it again, so its dead link goes. The caller commits.
    """
    task = outbox.task_for(connection.id, kind, record_id)
    if task is not None and task.problem == "remote_deleted":
        link = {"connection_id": connection.id, "kind": kind, "record_id": record_id}
        db.session.execute(delete(RemoteLink).filter_by(**link))
    if task is not None and task.problem in READ_ANEW:
        connection.facts_read_at = None
    outbox.queue(connection.id, kind, [record_id], by_hand=True)


def link_to_remote(connection: Connection, task: SyncTask) -> None:
    """It is the same record: take QuickBooks' for ours. The caller commits. Raises ValueError."""
    answers.answer_link(task)
    push(connection, task.kind, task.record_id)


def use_name(connection: Connection, task: SyncTask, name: str) -> None:
    """It is another customer: send ours under this name. The caller commits. Raises ValueError."""
    answers.answer_name(task, name)
    push(connection, task.kind, task.record_id)


def retry_all(connection: Connection, problem: str) -> None:
    """What caused these is mended: all of them may go again. The caller commits."""
    rows = db.session.execute(
        select(SyncTask.kind, SyncTask.record_id).filter_by(
            connection_id=connection.id, state=TaskState.ERROR, problem=problem
        )
    ).all()
    for kind in RecordKind:
        outbox.queue(connection.id, kind, [row.record_id for row in rows if row.kind is kind])
