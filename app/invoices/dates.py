"""The days that matter to an invoice: today where the company works, and when it is due."""

import re
from datetime import date, timedelta

from app.accounts.models import Company, Terms
from app.extensions import now
from app.lib import days

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def today(company: Company) -> date:
    return today_in(company.time_zone)


def today_in(time_zone: str) -> date:
    return days.of(now(), time_zone)


def due_date(issue_date: date, terms: Terms) -> date:
    return issue_date + timedelta(days=terms.days)


def parse_day(text: str) -> date:
    """An ISO day within reason. Raises ValueError with a sentence."""
    try:
        day = date.fromisoformat(text if _ISO_DAY.fullmatch(text) else "")
    except ValueError:
        raise ValueError("This is not a day. Write it like 2026-03-31.") from None
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"The year must be between {EARLIEST.year} and {LATEST.year}.")
    return day
