"""Say whether a record here and one in QuickBooks are the same."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from app.customers.models import Customer
from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.kinds.records import link_of
from app.quickbooks.mapping import values
from app.quickbooks.models import (
    Connection,
    RecordKind,
    SyncTask,
)
from app.quickbooks.models.answers import Question
from app.quickbooks.orders.records import forget_link, note, queue
from app.quickbooks.outbox import answers, choices
from app.quickbooks.outbox.states import ON_THE_WIRE


def link_to_remote(connection: Connection, task: SyncTask, by: str, remote_id: str = "") -> None:
    """It is the same record: take QuickBooks' for ours. The caller commits. Raises ValueError."""
    answers.answer_link(task, remote_id)
    note(connection, task.kind, task.record_id, "took the one in QuickBooks for the same")
    queue(connection, task.kind, task.record_id, by)


def link_asked(connection: Connection, task: SyncTask, by: str, asked: str) -> None:
    """The same, as the answer to what a page `asked`: what comes of it depends on that, because one that is linked
    when ours is void is voided. The caller commits. Raises ValueError when the row asks something else by now.
    """
    if asked and asked != Question.from_json(task.question).problem:
        raise ValueError("It asks something else by now. Read what it says before you answer.")
    link_to_remote(connection, task, by)


def use_name(connection: Connection, task: SyncTask, by: str, name: str) -> None:
    """It is another customer: send ours under this name. The caller commits. Raises ValueError."""
    customer = db.session.get(Customer, task.record_id) if task.kind is RecordKind.CUSTOMER else None
    answers.answer_name(task, name, name_here=customer.name if customer else "")
    note(connection, task.kind, task.record_id, f"sent it to QuickBooks under the name {name.strip()}")
    queue(connection, task.kind, task.record_id, by)


def use_same_number(connection: Connection, task: SyncTask, by: str) -> None:
    """It is another invoice, and both have this number. The caller commits. Raises ValueError."""
    answers.answer_same_number(task)
    note(connection, task.kind, task.record_id, "sent it to QuickBooks beside another with this number")
    queue(connection, task.kind, task.record_id, by)


def send_another(connection: Connection, task: SyncTask, by: str) -> None:
    """It is another payment or refund than the one that looks like it. The caller commits. Raises ValueError."""
    answers.answer_another(task)
    note(connection, task.kind, task.record_id, "sent it to QuickBooks beside another that looks like it")
    queue(connection, task.kind, task.record_id, by)


def link_all(connection: Connection, tasks: Sequence[SyncTask], by: str) -> int:
    """Each is the same as the only one that may be it; returns how many could be linked. The caller commits."""
    alone = [task for task in tasks if len(Question.from_json(task.question).ids) == 1]
    return _as_many_as_can(alone, lambda task: link_to_remote(connection, task, by))


def name_all(connection: Connection, tasks: Sequence[SyncTask], by: str) -> int:
    """Each is another customer, under the name that is suggested; returns how many could be named so. The caller
    commits.
    """

    def name(task: SyncTask) -> None:
        customer = db.session.get(Customer, task.record_id)
        if customer is None:
            raise ValueError("The customer is gone.")
        use_name(connection, task, by, choices.suggested_name(task, customer.name))

    return _as_many_as_can(tasks, name)


def _as_many_as_can(tasks: Sequence[SyncTask], answer: Callable[[SyncTask], None]) -> int:
    """Answer each row, and return how many. A row whose answer is refused keeps its question."""
    count = 0
    for task in tasks:
        with suppress(ValueError):
            answer(task)
            count += 1
    return count


def unlink_customer(connection: Connection, customer: Customer, by: str, name: str) -> None:
    """The two are not the same after all: ours is made in QuickBooks anew, under this name. The caller commits.

    Raises ValueError with a sentence.
    """
    kind = RecordKind.CUSTOMER
    outbox.ensure_queued(connection.id, kind, [customer.id])
    task = outbox.task_for(connection.id, kind, customer.id, lock=True)
    link = link_of(connection.id, kind, customer.id)
    if link is None or task is None:
        raise ValueError("It is linked no more.")
    if task.state in ON_THE_WIRE:
        raise ValueError("It is on its way to QuickBooks at this moment. Try again when that is done.")
    there = str(link.memory.seen.get("DisplayName", ""))
    if values.customer_key(name) == values.customer_key(there):
        raise ValueError("The customer in QuickBooks has this name. Write another one.")
    answers.set_apart(task, link.remote_id, name, name_here=customer.name)
    note(connection, kind, customer.id, f"took it and {there} in QuickBooks apart")
    forget_link(connection, kind, customer.id)
    queue(connection, kind, customer.id, by)
