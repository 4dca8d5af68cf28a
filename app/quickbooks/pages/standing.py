"""How a record stands with QuickBooks: one state, its word and its badge, the same on every page. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_

from app.accounts.models import Company
from app.extensions import now
from app.invoices.models import Invoice
from app.lib.money import shown
from app.quickbooks.account import metering
from app.quickbooks.catalogue.keys import CHANGED_THERE
from app.quickbooks.kinds import Record
from app.quickbooks.models import Connection, ConnectionState, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.outbox import switches
from app.quickbooks.outbox.states import FOLLOWING


class State(StrEnum):
    """The badge's word."""

    NOT_SENT = "Not sent"
    QUEUED = "Queued"
    TRYING_AGAIN = "Trying again"
    NEEDS_YOU = "Needs you"
    FOLLOWS = "Waits for another"  # record, and goes by itself once that is there
    THERE = "In QuickBooks"
    LEFT_OUT = "Left out"
    CHANGED_THERE = "Changed there"  # somebody is asked whether it is overwritten
    DIFFERENT = "Different"  # and left so by somebody


# By tone of design.css.
TONES = {
    State.NOT_SENT: "neutral",
    State.QUEUED: "waiting",
    State.TRYING_AGAIN: "late",
    State.NEEDS_YOU: "failed",
    State.FOLLOWS: "late",
    State.THERE: "done",
    State.LEFT_OUT: "neutral",
    State.CHANGED_THERE: "failed",
    State.DIFFERENT: "late",
}
OF_TASK = {
    TaskState.QUEUED: State.QUEUED,
    TaskState.SENDING: State.QUEUED,
    TaskState.CHECKING: State.QUEUED,
    TaskState.BACKOFF: State.TRYING_AGAIN,
    TaskState.ERROR: State.NEEDS_YOU,
    TaskState.SYNCED: State.THERE,
    TaskState.SKIPPED: State.LEFT_OUT,
}
# By what `standstill_of` says.
STANDS_STILL = {
    "disconnected": "It waits: QuickBooks is disconnected.",
    "reconnect needed": "It waits until QuickBooks is connected again.",
    "paused": "It waits: the sending is paused.",
    "sync is off": "It waits: sync of {kind}s is off.",
}
WAITS = "It waits until {day}: QuickBooks has to be asked about it first, and this month's reads are used up."
UNFINISHED = frozenset({State.NOT_SENT, State.QUEUED, State.TRYING_AGAIN, State.NEEDS_YOU, State.FOLLOWS})


@dataclass(frozen=True)
class Standing:
    """`note` follows the word where that alone would mislead: paused, disconnected, money that is open there."""

    state: State
    note: str = ""

    @property
    def tone(self) -> str:
        return TONES[self.state]

    @property
    def words(self) -> str:
        return f"{self.state} · {self.note}" if self.note else self.state.value


def standing(
    task: SyncTask | None, link: RemoteLink | None, record: Record | None, company: Company, standstill: str
) -> Standing:
    """`standstill` is what `standstill_of` says of the company's connection."""
    state = _state(task, link)
    if waits_for_reads(task) and not standstill:
        return Standing(state, f"waits until {metering.month_ends_words()}")
    if state in UNFINISHED and standstill:
        return Standing(state, standstill)
    return Standing(state, _open_there(record, link, company) if state is State.THERE else "")


def waits_for_reads(task: SyncTask | None) -> bool:
    """QuickBooks would have to be asked about it, or about what it needs, and the month's reads are used up."""
    if task is None or task.state not in (TaskState.QUEUED, TaskState.CHECKING):
        return False
    is_put_off = task.state is TaskState.CHECKING or task.due_at > now() or task.waits_for_id is not None
    return is_put_off and task.connection.reads_are_blocked(now())


def put_off() -> ColumnElement[bool]:
    """The same of rows of a connection whose reads are used up."""
    later = or_(SyncTask.due_at > now(), SyncTask.waits_for_id.is_not(None))
    return or_(SyncTask.state == TaskState.CHECKING, and_(SyncTask.state == TaskState.QUEUED, later))


def waiting_words() -> str:
    return WAITS.format(day=metering.month_ends_words())


def why_it_waits(task: SyncTask, standstill: str) -> str:
    """Of a row that would go by itself; empty when it does."""
    if standstill:
        return STANDS_STILL[standstill].format(kind=task.kind)
    return waiting_words() if waits_for_reads(task) else ""


def standstill_of(connection: Connection, kind: RecordKind, task: SyncTask | None = None) -> str:
    """Why nothing of this kind is sent at present, in a word or two; empty when it goes, as a customer's row does
    that an invoice needs.
    """
    if connection.state is ConnectionState.DISCONNECTED:
        return "disconnected"
    if connection.state is ConnectionState.RECONNECT_NEEDED:
        return "reconnect needed"
    is_paused = connection.held_at is not None or connection.is_paused(now())
    if is_paused or not connection.company.plan.has_quickbooks:
        return "paused"
    if not switches.is_off(connection, kind) or (task is not None and switches.is_needed(task)):
        return ""
    return "sync is off"


def _state(task: SyncTask | None, link: RemoteLink | None) -> State:
    if task is not None and task.state is TaskState.ERROR and task.problem in CHANGED_THERE:
        return State.CHANGED_THERE
    if task is not None and task.state is TaskState.ERROR and task.problem in FOLLOWING:
        return State.FOLLOWS
    state = OF_TASK[task.state] if task else State.THERE if link else State.NOT_SENT
    if state is State.THERE and link is None and task and task.kind is RecordKind.INVOICE:
        return State.NOT_SENT  # it was disputed when its turn came
    return State.DIFFERENT if state is State.THERE and link and link.left_different else state


def _open_there(record: Record | None, link: RemoteLink | None, company: Company) -> str:
    """Nothing is open here, and something is there: "Paid" beside "In QuickBooks" would not say so."""
    if not isinstance(record, Invoice) or link is None or record.balance or not link.memory.balance:
        return ""
    return f"{shown(Decimal(link.memory.balance), company.currency.symbol)} open there"
