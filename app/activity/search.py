"""Which events the page and its file show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import request
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.accounts.models import Company
from app.activity.models import LONGEST_NAME, Activity, ActivityKind
from app.web import request_limits

NEWEST_LAST = (Activity.at, Activity.id)


@dataclass(frozen=True)
class EventFilter:
    """What was asked for; None and "" ask for everything. Days are the company's, both included."""

    person: int | None = None
    kind: ActivityKind | None = None
    record: str = ""  # the beginning of a record's name, in any case
    first_day: date | None = None
    last_day: date | None = None

    @classmethod
    def requested(cls) -> EventFilter:
        """Arguments that make no sense are left aside, as if they had not been given."""
        return cls(
            person=request.args.get("person", type=request_limits.record_id),
            kind=request.args.get("kind", type=ActivityKind),
            record=request.args.get("record", "").strip()[:LONGEST_NAME],
            first_day=request.args.get("from", type=date.fromisoformat),
            last_day=request.args.get("to", type=date.fromisoformat),
        )

    @property
    def is_everything(self) -> bool:
        return self == EventFilter()


def events(company: Company, choice: EventFilter) -> Select[Activity]:
    """With their people; the parts of an import are on their records' pages only."""
    query = select(Activity).where(Activity.company_id == company.id, ~Activity.is_part)
    zone = ZoneInfo(company.time_zone)
    if choice.person:
        query = query.where(Activity.user_id == choice.person)
    if choice.kind:
        query = query.where(Activity.kind == choice.kind)
    if choice.record:
        query = query.where(Activity.record_key.startswith(choice.record.lower(), autoescape=True))
    if choice.first_day:
        query = query.where(Activity.at >= _start(choice.first_day, zone))
    if choice.last_day and choice.last_day < date.max:
        query = query.where(Activity.at < _start(choice.last_day + timedelta(days=1), zone))
    return query.options(selectinload(Activity.user))


def _start(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins there; the first days of the calendar begin at its beginning."""
    try:
        return datetime.combine(day, time.min, zone).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC)
