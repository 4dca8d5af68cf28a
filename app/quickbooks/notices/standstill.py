"""The alerts that nothing moves, or that the month's reads are used up."""

from datetime import timedelta

from sqlalchemy import FromClause, func, not_, select, true

from app.extensions import now
from app.quickbooks.account import metering
from app.quickbooks.catalogue import problem
from app.quickbooks.models import Connection, ConnectionState, SyncTask
from app.quickbooks.models.connection import reads_blocked_at
from app.quickbooks.notices.alert import Alert, News, Trouble, news_of
from app.quickbooks.notices.counting import amounts, in_one_phrase
from app.quickbooks.outbox import switches
from app.quickbooks.outbox.states import IN_PROGRESS

STANDSTILL_HOURS = 12
STANDSTILL = timedelta(hours=STANDSTILL_HOURS)


def _standstill_news() -> News:
    """By the oldest row alone: what queues up behind it is no news."""
    oldest = _oldest_in_progress()
    noticed_at = oldest.c.since + STANDSTILL
    connected = Connection.state == ConnectionState.CONNECTED
    may_read = not_(reads_blocked_at(now()))
    goes = Connection.held_at.is_(None)  # who paused it knows
    news = news_of(noticed_at, noticed_at <= now(), connected, goes, may_read)
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
    news = news_of(noticed_at, blocked, connected, oldest.c.since.is_not(None))
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


READS_USED_UP = Alert(_quota_news, _quota)
NOTHING_MOVES = Alert(_standstill_news, _standstill)
