"""The rows of the CSV file."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from app.accounts.models import Company
from app.activity.models import Activity
from app.web.csv_download import Cell

HEADER = ("When", "Person", "E-mail", "Kind", "What", "Record", "Changes", "Address")


def rows(events: Iterable[Activity], company: Company) -> Iterator[list[Cell]]:
    """Times are the company's, with their distance from UTC."""
    zone = ZoneInfo(company.time_zone)
    for event in events:
        yield [
            event.at.astimezone(zone).isoformat(" ", "seconds"),
            event.user.name if event.user else "",
            event.user.email if event.user else "",
            event.kind.label,
            event.text,
            event.record_name,
            "; ".join(f"{what}: {before} → {after}" for what, before, after in event.changes),
            event.address,
        ]
