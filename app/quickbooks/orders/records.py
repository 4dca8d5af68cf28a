"""Push a record now, in the way a person chose, or leave it different."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks import outbox
from app.quickbooks.catalogue import keys
from app.quickbooks.kinds.records import link_of, subject_of
from app.quickbooks.lane.facts import READ_ANEW
from app.quickbooks.models import (
    Connection,
    RecordKind,
    RemoteLink,
    SyncTask,
    TaskState,
)
from app.quickbooks.models.answers import Question
from app.quickbooks.models.differences import DELETED, Aspect, Difference, in_words
from app.quickbooks.outbox import answers, decisions, money_records
from app.quickbooks.outbox.choices import choices

LINKED_ANEW = (
    "It is linked with another record in QuickBooks by now, or with none, so nothing is done. Look again."
)
# What a push is called in the activity, by the state it finds.
FIRST = "sent it to QuickBooks"
ASKED_FOR = {
    TaskState.SYNCED: "forced a re-sync",
    TaskState.BACKOFF: "retried the sync",
    TaskState.ERROR: "retried the sync",
    TaskState.SKIPPED: "took it back into the sync",
}


def push(connection: Connection, kind: RecordKind, record_id: int, by: str) -> None:
    """Sync, force, retry or take back: a new intention each time; an invoice's money goes along. `by` is who asks.
    The caller commits.
    """
    task = outbox.task_for(connection.id, kind, record_id)
    note(connection, kind, record_id, ASKED_FOR.get(task.state, FIRST) if task else FIRST)
    queue(connection, kind, record_id, by)


def overwrite(connection: Connection, kind: RecordKind, record_id: int, by: str, seen: str) -> None:
    """Push over what was `seen` in QuickBooks (mapping/fingerprint.py). The caller commits."""
    note(connection, kind, record_id, "overwrote what was changed in QuickBooks")
    queue(connection, kind, record_id, by)
    if task := outbox.task_for(connection.id, kind, record_id):
        answers.answer_overwrite(task, seen)


def make_again(connection: Connection, kind: RecordKind, record_id: int, by: str, remote_id: str) -> None:
    """Its record there, of this Id, was seen to be deleted: make another one. The caller commits. Raises ValueError
    with a sentence when it is linked with something else by now.
    """
    _lock_link(connection, kind, record_id, remote_id)
    note(connection, kind, record_id, "had it made again in QuickBooks, where it was deleted")
    forget_link(connection, kind, record_id)
    queue(connection, kind, record_id, by)


def leave_different(
    connection: Connection,
    kind: RecordKind,
    record_id: int,
    by: str,
    differences: Sequence[Difference],
    remote_id: str | None = None,
) -> None:
    """The two shall stay different, until somebody sends or changes it; `remote_id` is the Id there of what was
    seen, where a page showed it. The caller commits. Raises ValueError with a sentence when they are not linked any
    more.
    """
    task, link = _lock_link(connection, kind, record_id, remote_id)
    decisions.leave_different(task, link, differences, by)
    note(connection, kind, record_id, f"left it different in QuickBooks: {in_words(differences)}")


def _lock_link(
    connection: Connection, kind: RecordKind, record_id: int, remote_id: str | None
) -> tuple[SyncTask | None, RemoteLink]:
    """The row, and the link as it is by now: who held the row may have written to it. Raises ValueError."""
    task = outbox.task_for(connection.id, kind, record_id, lock=True)
    link = db.session.scalars(
        select(RemoteLink)
        .filter_by(connection_id=connection.id, kind=kind, record_id=record_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if link is None or remote_id not in (None, link.remote_id):
        raise ValueError(LINKED_ANEW)
    return task, link


def overwrite_asked(connection: Connection, task: SyncTask, by: str, seen: str) -> None:
    """What the row asks about is overwritten. The caller commits. Raises ValueError when it asks about something
    else by now.
    """
    if not choices(task).may_overwrite or seen != choices(task).seen:
        raise ValueError("It was changed in QuickBooks once more. Look again at what is different.")
    # By comparing all of it, and not what was about to be written.
    is_found = task.problem == keys.DIFFERENT
    overwrite(connection, task.kind, task.record_id, by, seen)
    if is_found:
        answers.answer_all(task)


def leave_asked(connection: Connection, task: SyncTask, by: str) -> None:
    """QuickBooks keeps what the row asks about. The caller commits. Raises ValueError when it asks nothing."""
    if not choices(task).may_leave:
        raise ValueError("There is nothing to leave any more.")
    is_gone = task.problem == keys.DELETED
    asked = Question.from_json(task.question)
    told = asked.differences or [Difference(Aspect.OTHER, asked.told or task.message)]
    leave_different(connection, task.kind, task.record_id, by, [DELETED] if is_gone else told)


def forget_difference(connection: Connection, kind: RecordKind, record_id: int) -> None:
    """The two agree again. The caller commits."""
    db.session.execute(
        update(RemoteLink)
        .filter_by(connection_id=connection.id, kind=kind, record_id=record_id)
        .where(RemoteLink.left_different != {})
        .values(left_different={})
    )


def queue(connection: Connection, kind: RecordKind, record_id: int, by: str) -> None:
    """Queue it because a person asked for it, with what their asking allows."""
    task = outbox.task_for(connection.id, kind, record_id)
    if task is not None:
        _end_what_stopped(connection, task, by)
    if kind is RecordKind.INVOICE:
        _wait_for_its_money(record_id)
    is_forced = task is not None and _is_forced(task)
    outbox.queue(connection.id, kind, [record_id], by_hand=True)
    if is_forced and (again := outbox.task_for(connection.id, kind, record_id)):
        answers.answer_overwrite(again, answers.NOTHING_SEEN)
    if kind is RecordKind.INVOICE and connection.preferences.sync_payments:
        money_records.queue_all_of(connection, record_id)


def _end_what_stopped(connection: Connection, task: SyncTask, by: str) -> None:
    """A retry is the consent to make the record again, so its dead link goes."""
    kind, record_id = task.kind, task.record_id
    if task.problem in keys.GONE_THERE:
        if task.problem == keys.PAYMENT_VOIDED and (link := link_of(connection.id, kind, record_id)):
            answers.record_again(task, link.remote_id)
        forget_link(connection, kind, record_id)
    if task.problem in READ_ANEW:
        connection.facts_read_at = None
    if task.state is TaskState.SKIPPED:
        decisions.end_leave_out(task, by)


def _is_forced(task: SyncTask) -> bool:
    """All of an invoice is meant to be sent, and not only what changed here: QuickBooks has it, as far as we
    know.
    """
    is_there = task.state is TaskState.SYNCED or task.problem == keys.TOTAL_DIFFERS
    return is_there and task.kind is RecordKind.INVOICE


def _wait_for_its_money(invoice_id: int) -> None:
    """Wait until payments of the invoice that are being saved are committed. Such a payment queues no row of its
    own, because it sees none of its invoice. Whoever records one locks the invoice.
    """
    db.session.execute(select(Invoice.id).where(Invoice.id == invoice_id).with_for_update(read=True))


def note(connection: Connection, kind: RecordKind, record_id: int, text: str) -> None:
    """For the activity. What people decide about money is said on its invoice."""
    money = f", its {kind.value}" if kind in money_records.MODELS else ""
    record(ActivityKind.SYNC, f"{text}{money}", connection.company_id, on=subject_of(kind, record_id))


def forget_link(connection: Connection, kind: RecordKind, record_id: int) -> None:
    """Also that a person linked the two: what is gone is not looked for."""
    link = {"connection_id": connection.id, "kind": kind, "record_id": record_id}
    db.session.execute(delete(RemoteLink).filter_by(**link))
    if task := outbox.task_for(connection.id, kind, record_id):
        answers.forget_link(task)
