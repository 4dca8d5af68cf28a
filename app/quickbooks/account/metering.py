"""Intuit counts reads, not writes, by app and calendar month (contract section 3.1). Count them as Intuit does."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db, now
from app.quickbooks.catalogue import problem
from app.quickbooks.models import ReadCount

log = logging.getLogger(__name__)

PACIFIC = ZoneInfo("America/Los_Angeles")  # Intuit names no time zone; its servers' day is Pacific
OTHER = "other"
USED_UP = Decimal("0.95")  # of the quota: we miss some that Intuit counted, whose answers were lost
ASK_AGAIN = timedelta(hours=6)  # a refused read does not count

_reason: ContextVar[str] = ContextVar("reason", default=OTHER)


@contextmanager
def reading_for(reason: str) -> Iterator[None]:
    """Count what is read within under this reason, unless a caller gave one. Also a decorator."""
    token = _reason.set(reason) if _reason.get() == OTHER else None
    try:
        yield
    finally:
        if token:
            _reason.reset(token)


def is_read(method: str, path: str) -> bool:
    """A batch of ours holds writes only, so it is no read."""
    return method == "GET" or path == "query"


def month() -> str:
    return now().astimezone(PACIFIC).strftime("%Y-%m")


def month_began() -> datetime:
    return _first_of_month().astimezone(UTC)


def month_ends() -> datetime:
    """When reads are free again."""
    return (_first_of_month() + timedelta(days=32)).replace(day=1).astimezone(UTC)


def _first_of_month() -> datetime:
    return now().astimezone(PACIFIC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def blocked_until() -> datetime:
    """After a refusal for the quota: the month's end, but asked again before, as clocks and quotas differ."""
    return min(month_ends(), now() + ASK_AGAIN)


def month_ends_words() -> str:
    """The day in words: `December 1`."""
    ends = month_ends().astimezone(PACIFIC)
    return f"{ends:%B} {ends.day}"


def used_up_words() -> tuple[str, str]:
    """What it means that the quota is used up, and what to do."""
    return problem("reads_used_up").words(until=month_ends_words())


def count(realm_id: str) -> None:
    """Add one successful read, in a short transaction of its own. What cannot be counted is logged: a read that
    was answered must not fail for its count.
    """
    one = insert(ReadCount).values(realm_id=realm_id, month=month(), reason=_reason.get(), times=1)
    key = [ReadCount.realm_id, ReadCount.month, ReadCount.reason]
    try:
        with db.engine.begin() as connection:
            connection.execute(
                one.on_conflict_do_update(index_elements=key, set_={"times": ReadCount.times + 1})
            )
    except SQLAlchemyError:
        log.warning("A read of QuickBooks was not counted", exc_info=True)


def by_reason(realm_id: str, of_month: str) -> dict[str, int]:
    """The most frequent reason first."""
    counts = select(ReadCount.reason, ReadCount.times).filter_by(realm_id=realm_id, month=of_month)
    return dict(db.session.execute(counts.order_by(ReadCount.times.desc(), ReadCount.reason)).tuples().all())


def of_realm(realm_id: str) -> int:
    """This month."""
    return sum(by_reason(realm_id, month()).values())


def is_used_up() -> bool:
    """By our own count, in a transaction of its own."""
    times = select(func.coalesce(func.sum(ReadCount.times), 0)).filter_by(month=month())
    with db.engine.connect() as connection:
        return connection.scalar(times) >= USED_UP * current_app.config["QUICKBOOKS_READ_QUOTA"]


def of_all(of_month: str) -> int:
    """Of all companies together: the quota is the app's."""
    times = select(func.coalesce(func.sum(ReadCount.times), 0)).filter_by(month=of_month)
    return db.session.scalar(times) or 0
