"""Days as people write them, and the day that a moment has somewhere."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def shown(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def of(moment: datetime, time_zone: str) -> date:
    """The day it is in that time zone at this moment."""
    return moment.astimezone(ZoneInfo(time_zone)).date()
