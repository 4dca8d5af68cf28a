"""What needs a person's attention: a table of alerts. A new one is an entry here.

An alert answers two questions. `news`: which connections have it anew, since when and until when. `describe`: what
is wrong with a connection now, in words, whether or not it is news; None when nothing is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, SQLColumnExpression, func, not_, select, true

from app.extensions import now
from app.quickbooks.account import ending, metering
from app.quickbooks.catalogue import problem
from app.quickbooks.models import LIVE, Connection, ConnectionState, SyncTask
from app.quickbooks.models.connection import reads_blocked_at
from app.quickbooks.notices.counting import BEHIND, STOPPED, Amount, amounts, in_one_phrase, number, reasons
from app.quickbooks.outbox import switches
from app.quickbooks.outbox.states import IN_PROGRESS

LONG_AGO = datetime.min.replace(tzinfo=UTC)
STANDSTILL_HOURS = 12
STANDSTILL = timedelta(hours=STANDSTILL_HOURS)


@dataclass(frozen=True)
class Trouble:
    """`title` fits a subject line; `reasons` are the commonest."""

    title: str
    sentence: str
    remedy: str
    reasons: tuple[str, ...] = ()


News = Select[int, datetime, datetime]  # connection id, first and last change


@dataclass(frozen=True)
class Alert:
    news: Callable[[], News]
    describe: Callable[[Connection], Trouble | None]


def _news_of(moment: SQLColumnExpression[Any], *conditions: ColumnElement[bool]) -> News:
    """Connections where something changed at `moment`, after what people were told of."""
    seen_until = func.coalesce(Connection.attention_seen_until, LONG_AGO)
    return select(Connection.id, func.min(moment), func.max(moment)).where(
        LIVE, moment > seen_until, *conditions
    )


def _failed_news() -> News:
    joined = _news_of(SyncTask.failed_at, *STOPPED)
    return joined.join(SyncTask, SyncTask.connection_id == Connection.id).group_by(Connection.id)


def _failed(connection: Connection) -> Trouble | None:
    found = amounts(connection, *STOPPED)
    if not found:
        return None
    count, behind = number(found), number(amounts(connection, *BEHIND))
    follow = f" {behind:,} more {'follows by itself' if behind == 1 else 'follow by themselves'}."
    return Trouble(
        f"{count:,} {'record' if count == 1 else 'records'} stopped",
        f"Not in QuickBooks as here: {in_one_phrase(found)}. Nothing of it is sent again without you."
        f"{follow if behind else ''}",
        "Each says what to do about it on the QuickBooks page.",
        tuple(reasons(connection)),
    )


def _reconnect_news() -> News:
    needed = Connection.state == ConnectionState.RECONNECT_NEEDED
    return _news_of(Connection.reconnect_needed_at, needed).group_by(Connection.id)


def _reconnect(connection: Connection) -> Trouble | None:
    if connection.state is not ConnectionState.RECONNECT_NEEDED:
        return None
    sentence, remedy = problem("reconnect_needed").words()
    waiting = amounts(connection, SyncTask.state.in_(IN_PROGRESS), not_(switches.holds(connection.id)))
    return Trouble("reconnect needed", f"{sentence} {_waiting(waiting)}".strip(), remedy)


def _ending_news() -> News:
    connected = Connection.state == ConnectionState.CONNECTED
    return _news_of(ending.warned_at(), connected).group_by(Connection.id)


def _ending(connection: Connection) -> Trouble | None:
    warning = ending.warning(connection)
    if connection.state is not ConnectionState.CONNECTED or warning is None:
        return None
    return Trouble("access ends soon", *warning)


def _standstill_news() -> News:
    """By the oldest row alone: what queues up behind it is no news."""
    oldest = _oldest_in_progress()
    noticed_at = oldest.c.since + STANDSTILL
    connected = Connection.state == ConnectionState.CONNECTED
    may_read = not_(reads_blocked_at(now()))
    goes = Connection.held_at.is_(None)  # who paused it knows
    news = _news_of(noticed_at, noticed_at <= now(), connected, goes, may_read)
    return news.join(oldest, true()).group_by(Connection.id)


def _standstill(connection: Connection) -> Trouble | None:
    if connection.state is not ConnectionState.CONNECTED or connection.held_at:
        return None
    if connection.reads_are_blocked(now()):
        return None
    waiting = amounts(
        connection,
        SyncTask.state.in_(IN_PROGRESS),
        SyncTask.queued_at <= now() - STANDSTILL,
        not_(switches.holds(connection.id)),
    )
    if not waiting:
        return None
    sentence = f"{in_one_phrase(waiting)} waited for more than {STANDSTILL_HOURS} hours."
    if connection.is_paused(now()):
        why, remedy = problem(connection.pause_code).words()
        return Trouble("nothing moves", f"{sentence} {why}", remedy)
    return Trouble("nothing moves", sentence, "Look at the QuickBooks page, and tell support.")


def _quota_news() -> News:
    """By the oldest row that waits, so that it is told once; but in each month anew. Within the month nobody knows
    since when reading is blocked: that is asked anew every few hours, and only the latest answer is kept.
    """
    oldest = _oldest_in_progress()
    blocked = reads_blocked_at(now())
    connected = Connection.state == ConnectionState.CONNECTED
    noticed_at = func.greatest(oldest.c.since, metering.month_began())
    news = _news_of(noticed_at, blocked, connected, oldest.c.since.is_not(None))
    return news.join(oldest, true()).group_by(Connection.id)


def _quota(connection: Connection) -> Trouble | None:
    if connection.state is not ConnectionState.CONNECTED or not connection.reads_are_blocked(now()):
        return None
    waiting = amounts(connection, SyncTask.state.in_(IN_PROGRESS), not_(switches.holds(connection.id)))
    if not waiting:
        return None
    sentence, remedy = metering.used_up_words()
    sentence = f"{sentence} Waiting at present: {in_one_phrase(waiting)}."
    return Trouble("this month's reads are used up", sentence, remedy)


def _oldest_in_progress() -> FromClause:
    """Since when a connection's oldest row waits, but for those that wait for a switch. A customer that is needed
    although customers are off counts by the row that needs it.
    """
    since = func.min(SyncTask.queued_at).label("since")
    return (
        select(since)
        .where(
            SyncTask.connection_id == Connection.id,
            SyncTask.state.in_(IN_PROGRESS),
            switches.is_on(Connection.id),
            not_(switches.follows(Connection.id)),
        )
        .lateral("oldest")
    )


def _waiting(waiting: list[Amount]) -> str:
    waits = "waits" if number(waiting) == 1 else "wait"
    return f"Until then nothing goes: {in_one_phrase(waiting)} {waits}." if waiting else ""


ALERTS = (
    Alert(_failed_news, _failed),
    Alert(_reconnect_news, _reconnect),
    Alert(_ending_news, _ending),
    Alert(_quota_news, _quota),
    Alert(_standstill_news, _standstill),
)
