"""What needs a person's attention.

An alert answers two questions. `news`: which connections have it anew, since when and until when. `describe`: what
is wrong with a connection now, in words, whether or not it is news; None when nothing is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, select

from app.quickbooks.models import LIVE, Connection

LONG_AGO = datetime.min.replace(tzinfo=UTC)


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


def news_of(moment: SQLColumnExpression[Any], *conditions: ColumnElement[bool]) -> News:
    """Connections where something changed at `moment`, after what people were told of."""
    seen_until = func.coalesce(Connection.attention_seen_until, LONG_AGO)
    return select(Connection.id, func.min(moment), func.max(moment)).where(
        LIVE, moment > seen_until, *conditions
    )
