"""What people ask for: push this record now, in the way they chose; leave it as it is; leave it out."""

import logging
from collections.abc import Sequence

from sqlalchemy import Select, delete, select, update

from app.activity.models import Kind
from app.activity.recording import record
from app.customers.models import Customer
from app.extensions import db, now
from app.invoices.models import Invoice
from app.quickbooks import outbox
from app.quickbooks.account.connection import InUse, StillLinked, give_back, give_back_unless_linked, link
from app.quickbooks.account.gateway import impatient_client_for
from app.quickbooks.account.proof import NotOpened, prove
from app.quickbooks.account.tokens import TokenError
from app.quickbooks.api.errors import ApiError
from app.quickbooks.api.oauth import Tokens
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds.records import links_of, subject_of
from app.quickbooks.lane import history
from app.quickbooks.lane.facts import read_facts
from app.quickbooks.mapping import values
from app.quickbooks.models import (
    Connection,
    FoundInvoice,
    FoundState,
    RecordKind,
    RemoteLink,
    SyncTask,
    TaskState,
)
from app.quickbooks.models.answers import Question
from app.quickbooks.outbox import answers, backlog, decisions, money_records
from app.quickbooks.outbox.blocked import READ_ANEW, retry_all
from app.quickbooks.outbox.nudge import nudge_after_commit
from app.quickbooks.outbox.states import ON_THE_WIRE

log = logging.getLogger(__name__)

# What a push is called in the activity, by the state it finds.
FIRST = "sent it to QuickBooks"
ASKED_FOR = {
    TaskState.SYNCED: "forced a re-sync",
    TaskState.BACKOFF: "retried the sync",
    TaskState.ERROR: "retried the sync",
    TaskState.SKIPPED: "took it back into the sync",
}

# A retry is the consent to make the record again, so its dead link goes.
GONE_THERE = frozenset({"remote_deleted", "payment_voided_there"})
LEFT_OUT_AT_ONCE = 500
NOTHING_SEEN = ""  # the fingerprint of nothing: whatever was changed there is asked about


def connect(company_id: int, realm_id: str, granted: Tokens, held_by: str = "") -> Connection:
    """Prove the realm, link the company to it, queue what QuickBooks lacks and read its settings. Commits.

    `held_by` is who wants nothing sent yet; empty where it shall be.

    Raises NotOpened, ApiError, StillLinked and InUse; then nothing is saved and the grant is given back.
    """
    try:
        company_info = prove(realm_id, granted)
        connection = link(company_id, realm_id, granted)
    except NotOpened:
        give_back(granted)
        raise
    except (ApiError, StillLinked, InUse):
        give_back_unless_linked(realm_id, granted)
        raise
    connection.remote_name = str(company_info.get("CompanyName", ""))
    if held_by:
        connection.held_at, connection.held_by = now(), held_by
    backlog.catch_up(connection)
    record(Kind.QUICKBOOKS, f"connected QuickBooks {connection.remote_name}".strip(), company_id)
    db.session.commit()
    _read_settings(connection.id, company_info)
    return connection


def _read_settings(connection_id: int, company_info: RemoteRecord) -> None:
    """For the page that follows; should it fail, the lane reads them before it sends anything."""
    try:
        read_facts(connection_id, impatient_client_for(connection_id), company_info)
    except (ApiError, TokenError) as error:
        db.session.rollback()
        log.warning("QuickBooks company of connection %s was not read: %s", connection_id, error)


def hold(connection: Connection, by: str) -> None:
    """Send nothing more until somebody starts it; what is on the wire is finished. The caller commits."""
    if connection.held_at is None:
        connection.held_at, connection.held_by = now(), by
        record(Kind.QUICKBOOKS, "paused the sending to QuickBooks", connection.company_id)


def start(connection: Connection) -> None:
    """Send what is queued. The caller commits."""
    if connection.held_at is not None:
        connection.held_at, connection.held_by = None, ""
        record(Kind.QUICKBOOKS, "started the sending to QuickBooks", connection.company_id)
        nudge_after_commit(connection.id)


def end_pause(connection: Connection) -> None:
    """QuickBooks answers again. The caller commits."""
    connection.paused_until, connection.pause_code = None, ""
    nudge_after_commit(connection.id)


def retry_cause(connection: Connection, problem: str) -> None:
    """All that stopped at one thing may go again. The caller commits."""
    if problem in READ_ANEW:
        connection.facts_read_at = None
    retry_all(connection, problem)
    record(Kind.SYNC, "retried all that stopped at the same cause", connection.company_id)


def push(connection: Connection, kind: RecordKind, record_id: int, by: str) -> None:
    """Sync, force, retry or take back: a new intention each time; an invoice's money goes along. `by` is who asks.
    The caller commits.
    """
    task = outbox.task_for(connection.id, kind, record_id)
    _note(connection, kind, record_id, ASKED_FOR.get(task.state, FIRST) if task else FIRST)
    _queue(connection, kind, record_id, by)


def _queue(connection: Connection, kind: RecordKind, record_id: int, by: str) -> None:
    task = outbox.task_for(connection.id, kind, record_id)
    if task is not None and task.problem in GONE_THERE:
        _forget_link(connection, kind, record_id)
    if task is not None and task.problem in READ_ANEW:
        connection.facts_read_at = None
    if task is not None and task.state is TaskState.SKIPPED:
        decisions.end_leave_out(task, by)
    if kind is RecordKind.INVOICE:
        _wait_for_its_money(record_id)
    is_forced = task is not None and kind is RecordKind.INVOICE and _is_forced(task)
    outbox.queue(connection.id, kind, [record_id], by_hand=True)
    if is_forced and (again := outbox.task_for(connection.id, kind, record_id)):
        answers.answer_overwrite(again, NOTHING_SEEN)
    if kind is RecordKind.INVOICE and connection.preferences.sync_payments:
        money_records.queue_all_of(connection, record_id)


def _is_forced(task: SyncTask) -> bool:
    """All of it is meant to be sent, and not only what changed here: QuickBooks has it, as far as we know."""
    return task.state is TaskState.SYNCED or task.problem == "total_differs"


def overwrite(connection: Connection, kind: RecordKind, record_id: int, by: str, seen: str) -> None:
    """Push over what was `seen` in QuickBooks (remembering.fingerprint). The caller commits."""
    _note(connection, kind, record_id, "overwrote what was changed in QuickBooks")
    _queue(connection, kind, record_id, by)
    if task := outbox.task_for(connection.id, kind, record_id):
        answers.answer_overwrite(task, seen)


def make_again(connection: Connection, kind: RecordKind, record_id: int, by: str) -> None:
    """Its record was seen to be deleted in QuickBooks: make another one. The caller commits."""
    _note(connection, kind, record_id, "had it made again in QuickBooks, where it was deleted")
    _forget_link(connection, kind, record_id)
    _queue(connection, kind, record_id, by)


def leave_different(
    connection: Connection, kind: RecordKind, record_id: int, by: str, differences: Sequence[str]
) -> None:
    """The two shall stay different, until somebody sends or changes it. The caller commits."""
    link = db.session.scalars(
        select(RemoteLink).filter_by(connection_id=connection.id, kind=kind, record_id=record_id)
    ).one()
    task = outbox.task_for(connection.id, kind, record_id, lock=True)
    decisions.leave_different(task, link, differences, by)
    told = "; ".join(differences)
    _note(connection, kind, record_id, f"left it different in QuickBooks: {told}")


def overwrite_asked(connection: Connection, task: SyncTask, by: str, seen: str) -> None:
    """What the row asks about is overwritten. The caller commits. Raises ValueError when it asks about something
    else by now.
    """
    if not answers.choices(task).may_overwrite or seen != answers.choices(task).seen:
        raise ValueError("It was changed in QuickBooks once more. Look again at what is different.")
    is_found = (
        task.problem == "different_there"
    )  # by comparing all of it, and not what was about to be written
    overwrite(connection, task.kind, task.record_id, by, seen)
    if is_found:
        answers.answer_all(task)


def leave_asked(connection: Connection, task: SyncTask, by: str) -> None:
    """QuickBooks keeps what the row asks about. The caller commits. Raises ValueError when it asks nothing."""
    if not answers.choices(task).may_leave:
        raise ValueError("There is nothing to leave any more.")
    told = Question.from_json(task.question).told or task.message
    leave_different(connection, task.kind, task.record_id, by, [told])


def forget_difference(connection: Connection, kind: RecordKind, record_id: int) -> None:
    """The two agree again. The caller commits."""
    db.session.execute(
        update(RemoteLink)
        .filter_by(connection_id=connection.id, kind=kind, record_id=record_id)
        .where(RemoteLink.left_different != {})
        .values(left_different={})
    )


def link_to_remote(connection: Connection, task: SyncTask, by: str, remote_id: str = "") -> None:
    """It is the same record: take QuickBooks' for ours. The caller commits. Raises ValueError."""
    answers.answer_link(task, remote_id)
    _note(connection, task.kind, task.record_id, "took the one in QuickBooks for the same")
    _queue(connection, task.kind, task.record_id, by)


def use_name(connection: Connection, task: SyncTask, by: str, name: str) -> None:
    """It is another customer: send ours under this name. The caller commits. Raises ValueError."""
    customer = db.session.get(Customer, task.record_id) if task.kind is RecordKind.CUSTOMER else None
    answers.answer_name(task, name, name_here=customer.name if customer else "")
    _note(connection, task.kind, task.record_id, f"sent it to QuickBooks under the name {name.strip()}")
    _queue(connection, task.kind, task.record_id, by)


def link_all(connection: Connection, tasks: Sequence[SyncTask], by: str) -> int:
    """Each is the same as the only one that may be it; returns how many could be linked. The caller commits."""
    alone = [task for task in tasks if len(Question.from_json(task.question).ids) == 1]
    for task in alone:
        link_to_remote(connection, task, by)
    return len(alone)


def name_all(connection: Connection, tasks: Sequence[SyncTask], by: str) -> int:
    """Each is another customer, under the name that is suggested; returns how many. The caller commits."""
    for task in tasks:
        if customer := db.session.get(Customer, task.record_id):
            use_name(connection, task, by, answers.suggested_name(task, customer.name))
    return len(tasks)


def unlink_customer(connection: Connection, customer: Customer, by: str, name: str) -> None:
    """The two are not the same after all: ours is made in QuickBooks anew, under this name. The caller commits.

    Raises ValueError with a sentence.
    """
    kind = RecordKind.CUSTOMER
    outbox.ensure_queued(connection.id, kind, [customer.id])
    task = outbox.task_for(connection.id, kind, customer.id, lock=True)
    link = links_of(connection.id, kind, [customer.id]).get((kind, customer.id))
    if link is None or task is None:
        raise ValueError("It is linked no more.")
    if task.state in ON_THE_WIRE:
        raise ValueError("It is on its way to QuickBooks at this moment. Try again when that is done.")
    there = str(link.memory.seen.get("DisplayName", ""))
    if values.customer_key(name) == values.customer_key(there):
        raise ValueError("The customer in QuickBooks has this name. Write another one.")
    answers.set_apart(task, link.remote_id, name, name_here=customer.name)
    _note(connection, kind, customer.id, f"took it and {there} in QuickBooks apart")
    _forget_link(connection, kind, customer.id)
    _queue(connection, kind, customer.id, by)


def use_same_number(connection: Connection, task: SyncTask, by: str) -> None:
    """It is another invoice, and both have this number. The caller commits. Raises ValueError."""
    answers.answer_same_number(task)
    _note(connection, task.kind, task.record_id, "sent it to QuickBooks beside another with this number")
    _queue(connection, task.kind, task.record_id, by)


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
        _note(connection, kind, record_id, f"left it out of QuickBooks: {reason}")


def send_never_sent(connection: Connection, invoices: Select[Invoice]) -> int:
    """Some of those that were never sent; returns how many. The caller commits."""
    count = backlog.queue_chosen(connection, invoices)
    record(Kind.SYNC, f"chose {count} of the invoices that were never sent", connection.company_id)
    return count


def link_found(connection: Connection, found: Sequence[FoundInvoice], by: str) -> int:
    """They are in QuickBooks already: linked, not sent; returns how many. The caller commits."""
    count = history.link(connection, found, by)
    record(Kind.SYNC, f"linked {count} earlier invoices with those in QuickBooks", connection.company_id)
    return count


def set_found_apart(connection: Connection, found: FoundInvoice) -> None:
    """The two are not the same; what was linked is linked no more. The caller commits. Raises ValueError."""
    if found.state is FoundState.LINKED:
        history.unlink(connection, found)
    found.state = FoundState.ANOTHER
    _note(connection, RecordKind.INVOICE, found.invoice_id, "said that QuickBooks has another invoice")


def leave_out_never_sent(connection: Connection, invoices: Select[Invoice], by: str, reason: str) -> int:
    """Not these: they are kept out until somebody takes one back; returns how many. The caller commits."""
    chosen: Select[int] = invoices.with_only_columns(Invoice.id)
    count = decisions.leave_out_never_sent(connection.id, chosen, reason, by)
    told = f"left {count} invoices that were never sent out of QuickBooks: {reason}"
    record(Kind.SYNC, told, connection.company_id)
    return count


def leave_out_cause(connection: Connection, problem: str, by: str, reason: str) -> int:
    """The same for what stopped at one thing and nobody has locked, LEFT_OUT_AT_ONCE at most; how many. The
    caller commits.
    """
    stopped = select(SyncTask).filter_by(connection_id=connection.id, state=TaskState.ERROR, problem=problem)
    locked = stopped.order_by(SyncTask.id).limit(LEFT_OUT_AT_ONCE).with_for_update(skip_locked=True)
    tasks = db.session.scalars(locked.execution_options(populate_existing=True)).all()
    for task in tasks:
        decisions.leave_out(task, reason, by)
        _note(connection, task.kind, task.record_id, f"left it out of QuickBooks: {reason}")
    return len(tasks)


def _note(connection: Connection, kind: RecordKind, record_id: int, text: str) -> None:
    """For the activity. What people decide about money is said on its invoice."""
    money = f", its {kind.value}" if kind in (RecordKind.PAYMENT, RecordKind.REFUND) else ""
    record(Kind.SYNC, f"{text}{money}", connection.company_id, on=subject_of(kind, record_id))


def _wait_for_its_money(invoice_id: int) -> None:
    """A payment that is being saved has seen no row of its invoice, so it queues none of its own: it must be
    committed before the invoice is queued, or nobody would queue it. Whoever records one locks the invoice.
    """
    db.session.execute(select(Invoice.id).where(Invoice.id == invoice_id).with_for_update(read=True))


def _forget_link(connection: Connection, kind: RecordKind, record_id: int) -> None:
    link = {"connection_id": connection.id, "kind": kind, "record_id": record_id}
    db.session.execute(delete(RemoteLink).filter_by(**link))
