"""What a check finds becomes the state of the record's own row: it says what is different until the two agree
again, or until a person leaves it so.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import or_, select

from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.catalogue import keys, problem
from app.quickbooks.checks.audit import checked
from app.quickbooks.checks.books import Books
from app.quickbooks.checks.linked import Checked
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.records import link_of, of_record
from app.quickbooks.lane import adoption
from app.quickbooks.mapping import fingerprint
from app.quickbooks.mapping.voids import is_void
from app.quickbooks.models import Connection, RemoteLink, SyncTask, TaskState
from app.quickbooks.models.answers import Question
from app.quickbooks.models.differences import Aspect, Difference, includes
from app.quickbooks.outbox import money_records, outcomes
from app.quickbooks.outbox.states import ON_THE_WIRE, move

FOUND = keys.GONE_THERE | {keys.DIFFERENT, keys.VOIDED}
AT_ONCE = 100  # rows of one transaction, so that nobody waits long for them


def note(connection_id: int, books: Books) -> None:
    """Say on the rows what differs, and clear those that agree again. Commits."""
    connection = db.session.get_one(Connection, connection_id)
    for place, one in enumerate(checked(connection, books, _explained(connection, books.began)), 1):
        _note(connection, one, books.began, books.count(one.kind))
        if place % AT_ONCE == 0:
            db.session.commit()
    if connection.preferences.sync_payments and money_records.MODELS.keys() & books.records.keys():
        _queue_forgotten(connection)
    db.session.commit()


def _explained(connection: Connection, began: datetime) -> set[int]:
    """Invoices of ours with money that is known to differ, or that was not there when the reading began."""
    ids: set[int] = set()
    for kind, model in money_records.MODELS.items():
        found = (
            select(model.invoice_id)
            .join(SyncTask, of_record(SyncTask, connection, kind, model.id))
            .where(
                or_(SyncTask.state.not_in((TaskState.SYNCED, TaskState.SKIPPED)), SyncTask.updated_at > began)
            )
        )
        ids |= set(db.session.scalars(found))
    return ids


def _note(connection: Connection, one: Checked, began: datetime, is_counted: bool) -> None:
    """Write on its row what the comparison found. `began`: when the reading started. `is_counted`: it is known how
    many have each number or mark. A payment of ours may have landed since then, and the balance that was read be
    older than it: then the read says what differs, and is not remembered.
    """
    task = outbox.task_for(connection.id, one.kind, one.record_id, lock=True)
    link = link_of(connection.id, one.kind, one.record_id)
    if task is None or link is None or task.state in ON_THE_WIRE:
        return  # what is on the wire says itself how it went
    read, known = int((one.remote or {}).get("SyncToken", link.sync_token)), int(link.sync_token)
    if read < known:
        return  # it was pushed after it was read
    if one.remote and read > known and not one.remote.get("sparse"):
        _see(link, one.remote, began)
    if not is_counted:
        one = replace(one, differences=[*one.differences, *_still_twice(task, one)])
    if one.differences:
        _say(task, link, one)
    elif is_counted and includes(link.left_differences, Aspect.DUPLICATE):
        link.left_different = {}  # the other one is gone
    elif task.problem in FOUND and task.state is TaskState.ERROR:
        _clear(task)


def _still_twice(task: SyncTask, one: Checked) -> list[Difference]:
    """What an earlier count found holds until they are counted again: the other one need not be in this answer."""
    is_said = one.remote is not None and task.state is TaskState.ERROR and task.problem in FOUND
    if not is_said or includes(one.differences, Aspect.DUPLICATE):
        return []
    told = Question.from_json(task.question).differences
    return [difference for difference in told if difference.aspect is Aspect.DUPLICATE]


def _see(link: RemoteLink, remote: RemoteRecord, began: datetime) -> None:
    """Under its lock: a payment that lands writes to its invoice's link without holding its row."""
    db.session.refresh(link, with_for_update=True)
    paid_at = link.memory.paid_at
    if not paid_at or datetime.fromisoformat(paid_at) <= began:
        adoption.seen(link, remote)


def _say(task: SyncTask, link: RemoteLink, one: Checked) -> None:
    is_news = not all(map(link.has_left, one.differences))
    is_resting = task.state is TaskState.SYNCED or (task.state is TaskState.ERROR and task.problem in FOUND)
    if is_news and one.remote is None:  # the next push reads it, also one that would send nothing
        link.memory = replace(link.memory, in_doubt=True)
    if not is_resting or not is_news:
        return
    link.left_different = {}  # what somebody left so is told again, with what came to it
    key = _problem(one)
    question = Question.about(key, one.differences, fingerprint.of(link.memory, task.kind))
    if task.state is TaskState.SYNCED:
        move(task, TaskState.QUEUED)  # it rested, and stops now: a row stops out of the queue
        outcomes.park(task, problem(key), one.name, changes=question.told)
    else:
        task.problem = key
        task.message, task.remedy = problem(key).words(record=one.name, changes=question.told)
    task.question = question.to_json()


def _problem(one: Checked) -> str:
    if one.remote is None:
        return KINDS[one.kind].problem_if_gone
    if is_void(one.remote) and not one.is_over:
        return KINDS[one.kind].problem_if_void
    return keys.DIFFERENT


def _clear(task: SyncTask) -> None:
    """The two agree; an edit that was made meanwhile still goes."""
    if task.reached >= task.wanted:
        outcomes.leave(task)
    else:
        outbox.queue(task.connection_id, task.kind, [task.record_id])


def _queue_forgotten(connection: Connection) -> None:
    """Money that belongs there and has no row: nothing stays silent."""
    for kind in money_records.MODELS:
        ids: Iterable[int] = db.session.scalars(money_records.without_row(connection, kind))
        outbox.queue(connection.id, kind, ids)
