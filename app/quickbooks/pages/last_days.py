"""The last 30 days: what was sent and how soon, what came to need somebody, and the chart of it. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from app.extensions import db, now
from app.lib import ages, days
from app.quickbooks.models import Connection, DayCount, DayOutcome

DAYS = 30
WIDTH, HEIGHT, BAR = 720, 120, 9  # of the chart, in its own units


@dataclass
class Day:
    """`soon` counts what was sent by how many seconds it took at most; where that is not known it is absent."""

    day: date
    sent: int = 0
    failed: int = 0
    soon: Counter[int] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        """Thirty days need no year."""
        return f"{self.day:%b} {self.day.day}"

    @property
    def half_within(self) -> str:
        """So long at most half of them took, in words; empty where nobody knows."""
        return median_in_words(self.soon)


@dataclass(frozen=True)
class Bar:
    """A column of the chart, from its upper left corner down."""

    x: int
    y: int
    height: int
    kind: DayOutcome


@dataclass(frozen=True)
class LastDays:
    """Today is the last of them."""

    days: list[Day]

    @property
    def sent(self) -> int:
        return sum(day.sent for day in self.days)

    @property
    def failed(self) -> int:
        return sum(day.failed for day in self.days)

    @property
    def half_within(self) -> str:
        return median_in_words(sum((day.soon for day in self.days), Counter()))

    @property
    def busy(self) -> list[Day]:
        """On which anything happened, the latest first."""
        return [day for day in reversed(self.days) if day.sent or day.failed]

    @property
    def bars(self) -> list[Bar]:
        """Two columns a day; the largest number is as high as the chart, and the smallest can be seen."""
        largest = max((max(day.sent, day.failed) for day in self.days), default=0)
        step = WIDTH // DAYS
        return [
            Bar(place * step + offset, HEIGHT - height, height, kind)
            for place, day in enumerate(self.days)
            for offset, kind, number in ((2, DayOutcome.SENT, day.sent), (12, DayOutcome.FAILED, day.failed))
            if number
            for height in (max(2, HEIGHT * number // largest),)
        ]


def last_days(connection: Connection) -> LastDays:
    """By the company's days, in one statement."""
    today = days.of(now(), connection.company.time_zone)
    listed = {day: Day(day) for day in (today - timedelta(days=ago) for ago in reversed(range(DAYS)))}
    counts = select(DayCount.day, DayCount.outcome, DayCount.within, DayCount.number).where(
        DayCount.connection_id == connection.id, DayCount.day.between(min(listed), today)
    )
    for day, outcome, within, number in db.session.execute(counts).tuples():
        if outcome is DayOutcome.FAILED:
            listed[day].failed += number
        else:
            listed[day].sent += number
            if within:
                listed[day].soon[within] += number
    return LastDays(list(listed.values()))


def median_in_words(soon: Mapping[int, int]) -> str:
    """Of numbers by seconds: "5 seconds" when half of them took no longer."""
    half, so_far = sum(soon.values()) / 2, 0
    for seconds in sorted(soon):
        so_far += soon[seconds]
        if so_far >= half:
            return _in_words(seconds)
    return ""


def _in_words(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return ages.shown(timedelta(seconds=seconds))
