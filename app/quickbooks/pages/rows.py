"""Rows of the queue that failed, or wait for reads, in words. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import not_, select

from app.customers.models import Customer
from app.extensions import db, now
from app.invoices.models import Invoice
from app.quickbooks.catalogue.keys import DIFFERS_THERE
from app.quickbooks.kinds import KINDS, Record
from app.quickbooks.kinds.records import Shelf, name_of
from app.quickbooks.models import Connection, ConnectionState, SyncTask, TaskState
from app.quickbooks.outbox import choices, switches
from app.quickbooks.outbox.choices import Choices
from app.quickbooks.pages.standing import put_off, waiting_words, waits_for_reads

TRYING_AGAIN_AT_ONCE = 5


@dataclass(frozen=True)
class Row:
    """What it is, why it stopped, and what to do; `suggested` is a name QuickBooks would take."""

    task: SyncTask
    name: str
    message: str  # under its name, so it does not say that again
    total: Decimal | None
    is_error: bool
    may_retry: bool
    needs_reconnect: bool  # before anything can be retried
    is_compared: bool  # Retry shows both sides first
    choices: Choices
    suggested: str


def trying_again(connection: Connection, some_held: bool) -> list[Row]:
    """The first of those in backoff, soonest next try first; then of those that wait for next month's reads. Not
    what waits for a switch, where there is some.
    """
    rows = select(SyncTask).where(SyncTask.connection_id == connection.id).limit(TRYING_AGAIN_AT_ONCE)
    if some_held:
        rows = rows.where(not_(switches.holds(connection.id)))
    soonest = rows.order_by(SyncTask.due_at, SyncTask.id)
    tasks = [*db.session.scalars(soonest.where(SyncTask.state == TaskState.BACKOFF))]
    if connection.reads_are_blocked(now()):
        tasks = [*tasks, *db.session.scalars(soonest.where(put_off()))][:TRYING_AGAIN_AT_ONCE]
    return rows_of(connection, tasks)


def rows_of(connection: Connection, tasks: Iterable[SyncTask]) -> list[Row]:
    """In their order."""
    tasks = list(tasks)
    shelf = Shelf.load(connection.id, tasks)
    return [_row(task, shelf) for task in tasks]


def _row(task: SyncTask, shelf: Shelf) -> Row:
    record = shelf.record(task)
    name = name_of(record, task.kind)
    return Row(
        task,
        name,
        message=waiting_words()
        if waits_for_reads(task)
        else under_its_name(task.message, name, task.kind.value),
        total=total_of(record),
        is_error=task.state is TaskState.ERROR,
        may_retry=not waits_for_reads(task),
        needs_reconnect=task.connection.state is ConnectionState.RECONNECT_NEEDED,
        is_compared=KINDS[task.kind].is_previewed
        and bool(shelf.link(task))
        and task.problem in DIFFERS_THERE,
        choices=choices.choices(task),
        suggested=choices.suggested_name(task, record.name) if isinstance(record, Customer) else "",
    )


def under_its_name(sentence: str, name: str, kind: str) -> str:
    """A sentence that stands under the name it begins with: "This invoice needs an income account"."""
    if sentence.startswith(name):
        return f"This {kind}{sentence.removeprefix(name)}".replace(name, f"this {kind}")
    return sentence.replace(name, f"this {kind}")


def total_of(record: Record | None) -> Decimal | None:
    return record.counted_total if isinstance(record, Invoice) else None
