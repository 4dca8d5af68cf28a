"""The connection at a glance: its panel, the queue's banner, and why nothing moves. Reads only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, not_, select

from app.extensions import db, now
from app.lib import days
from app.quickbooks.account import ending, metering
from app.quickbooks.account.connection import is_set_aside
from app.quickbooks.catalogue import problem
from app.quickbooks.models import (
    Connection,
    ConnectionState,
    RecordKind,
    RemoteLink,
    SyncTask,
    TaskState,
)
from app.quickbooks.outbox import invoice_counts, switches, tallies
from app.quickbooks.outbox.invoice_counts import Counts, Sum
from app.quickbooks.outbox.states import FOLLOWS, IN_PROGRESS
from app.quickbooks.pages.standing import put_off


@dataclass(frozen=True)
class Banner:
    """The queue at a glance: how many rows are where, and the money that is not in QuickBooks yet."""

    in_progress: int
    for_reads: int  # that wait until QuickBooks may be asked about them
    backoff: int
    errors: int  # that need somebody
    following: int  # that wait for one of those alone
    switched_off: int  # that wait until what they are is switched on
    synced: int
    left_out: int
    missing: Sum  # invoices on their way, or stuck there, that QuickBooks has never taken
    missing_since: datetime | None  # when the oldest of them could have been there

    @property
    def is_empty(self) -> bool:
        return not self.waiting

    @property
    def waiting(self) -> int:
        moving = self.in_progress + self.for_reads + self.backoff
        return moving + self.errors + self.following + self.switched_off

    @property
    def total(self) -> int:
        return self.waiting + self.synced


def banner(connection: Connection, invoices: Counts | None = None, stopped: int | None = None) -> Banner:
    """`invoices`: how they count, and `stopped`: how many rows need somebody, where the caller knows it already."""
    counts: Counter[TaskState] = Counter()
    rows = tallies.counts(connection.id)
    for (_, state), number in rows.items():
        counts[state] += number
    held = switches.held(connection, rows)
    in_progress = max(sum(counts[state] - held.get(state, 0) for state in IN_PROGRESS), 0)
    for_reads = min(_for_reads(connection), in_progress) if in_progress else 0
    missing = (invoices or invoice_counts.counts(connection)).coming
    in_error = counts[TaskState.ERROR]
    following = in_error - stopped if stopped is not None else _following(connection) if in_error else 0
    return Banner(
        in_progress=in_progress - for_reads,
        for_reads=for_reads,
        backoff=max(counts[TaskState.BACKOFF] - held.get(TaskState.BACKOFF, 0), 0),
        errors=in_error - following,
        following=following,
        switched_off=sum(held.values()),
        synced=counts[TaskState.SYNCED],
        left_out=counts[TaskState.SKIPPED],
        missing=missing,
        missing_since=invoice_counts.coming_since(connection) if missing.count else None,
    )


def _for_reads(connection: Connection) -> int:
    if not connection.reads_are_blocked(now()):
        return 0
    number = select(func.count()).where(
        SyncTask.connection_id == connection.id, put_off(), not_(switches.holds(connection.id))
    )
    return db.session.scalar(number) or 0


def _following(connection: Connection) -> int:
    number = select(func.count()).where(SyncTask.connection_id == connection.id, FOLLOWS)
    return db.session.scalar(number) or 0


@dataclass(frozen=True)
class Panel:
    """Connection status, environment and last sync (domain promise 5)."""

    connected: bool
    reconnect_needed: bool
    environment: str
    remote_name: str
    last_sync_at: datetime | None
    ends_at: datetime | None  # the authorization
    disconnected_at: datetime | None  # of the company that was linked last
    there: dict[RecordKind, int]  # what is in QuickBooks, where it is linked no more
    reads: int  # of this month, as Intuit counts them


def panel(connection: Connection | None, environment: str) -> Panel:
    return Panel(
        connected=connection is not None and connection.state is ConnectionState.CONNECTED,
        reconnect_needed=connection is not None and connection.state is ConnectionState.RECONNECT_NEEDED,
        environment=(connection.environment if connection else environment).capitalize(),
        remote_name=connection.remote_name if connection else "",
        last_sync_at=connection.last_sync_at if connection else None,
        ends_at=ending.ends_at(connection) if connection else None,
        disconnected_at=connection.disconnected_at if connection else None,
        there=_there(connection) if connection and _is_kept(connection) else {},
        reads=metering.of_realm(connection.realm_id) if connection else 0,
    )


def _is_kept(connection: Connection) -> bool:
    """Linked no more, and found again when it comes back."""
    return connection.state is ConnectionState.DISCONNECTED and not is_set_aside(connection)


def _there(connection: Connection) -> dict[RecordKind, int]:
    rows = db.session.execute(
        select(RemoteLink.kind, func.count())
        .where(
            RemoteLink.connection_id == connection.id,
            RemoteLink.kind.in_((RecordKind.CUSTOMER, RecordKind.INVOICE)),
        )
        .group_by(RemoteLink.kind)
        .order_by(RemoteLink.kind)
    )
    return dict(rows.tuples().all())


@dataclass(frozen=True)
class Notice:
    """Why nothing moves at present, or soon will not (`stops` is false), and what the owner does about it."""

    title: str
    sentence: str
    remedy: str
    until: datetime | None = None
    stops: bool = True
    may_try: bool = False  # Try now


def notice(connection: Connection) -> Notice | None:
    if not connection.company.plan.has_quickbooks:
        return Notice(
            "Sync is paused", "QuickBooks sync is part of the Pro plan.", "Change the plan to go on."
        )
    if connection.state is ConnectionState.RECONNECT_NEEDED:
        unreadable = connection.pause_code == "tokens_unreadable"
        sentence, remedy = problem("tokens_unreadable" if unreadable else "reconnect_needed").words()
        paused = (
            f" {connection.held_by} paused the sending: start it after that." if connection.held_at else ""
        )
        return Notice("Reconnect needed", sentence, f"{remedy}{paused}")
    if connection.held_at:
        day = days.shown(days.of(connection.held_at, connection.company.time_zone))
        return Notice(
            "Paused",
            f"{connection.held_by} paused it on {day}. Nothing is sent.",
            "An Owner starts it; what is queued is then sent.",
        )
    if connection.is_paused(now()):
        sentence, remedy = problem(connection.pause_code).words()
        return Notice("Sync is paused", sentence, remedy, connection.paused_until, may_try=True)
    if connection.reads_are_blocked(now()):
        return Notice("Some new records wait", *metering.used_up_words(), stops=False)
    if warning := ending.warning(connection):
        sentence, remedy = warning
        return Notice("Access ends soon", sentence, remedy, stops=False)
    return None
