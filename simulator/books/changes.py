"""Change data capture (contract section 2.7): what changed since a time, deletions included."""

from datetime import datetime, timedelta
from typing import Any

from simulator.books.company import Company
from simulator.books.kinds import KINDS
from simulator.books.table import Record
from simulator.clock import PACIFIC
from simulator.faults import fault

MOST_OBJECTS = 1000
LONGEST_LOOK_BACK = timedelta(days=30)
WITHOUT_CAPTURE = {"TaxCode", "TaxRate"}


def since(company: Company, entities: list[str], text: str) -> list[dict[str, Any]]:
    """One QueryResponse entry per entity. Changes older than thirty days are left out."""
    moment = max(_moment(text), company.clock.now() - LONGEST_LOOK_BACK)
    by_name = {name.lower(): name for name in KINDS}
    answers, left = [], MOST_OBJECTS
    for entity in entities:
        name = by_name.get(entity.strip().lower())
        if name is None or name in WITHOUT_CAPTURE:
            raise fault("2000", f"Object Name: {entity} is unsupported or invalid")
        changed = _changed(company, name, moment)[:left]
        left -= len(changed)
        answers.append({name: changed, "startPosition": 1, "maxResults": len(changed)} if changed else {})
    return answers


def _changed(company: Company, kind: str, moment: datetime) -> list[Record]:
    rows = [row for row in company.tables[kind] if _updated(row) >= moment]
    rows.sort(key=_updated)
    deleted = [
        {
            "domain": "QBO",
            "status": "Deleted",
            "Id": deletion.record["Id"],
            "MetaData": {"LastUpdatedTime": deletion.time},
        }
        for deletion in company.deletions.values()
        if deletion.kind == kind and datetime.fromisoformat(deletion.time) >= moment
    ]
    return rows + deleted


def _updated(row: Record) -> datetime:
    return datetime.fromisoformat(row["MetaData"]["LastUpdatedTime"])


def _moment(text: str) -> datetime:
    """A "+" that was not encoded arrives as a blank."""
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        raise fault("2060", f"Invalid Date Format. Supplied value: {text}", "changedSince") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)
