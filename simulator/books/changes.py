"""Change data capture (contract section 2.7): what changed since a time, deletions included."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from simulator.books.company import Company, Deletion
from simulator.books.kinds import KINDS
from simulator.books.table import Record
from simulator.clock import PACIFIC
from simulator.faults import fault

MOST_OBJECTS = 1000
LONGEST_LOOK_BACK = timedelta(days=30)
Change = tuple[datetime, int, Record]  # when, the place of its entity among those asked for, and what

WITHOUT_CAPTURE = {"TaxCode", "TaxRate"}


def since(company: Company, entities: list[str], text: str) -> list[dict[str, Any]]:
    """One QueryResponse entry per entity, an empty one for an entity it does not know.

    Changes older than thirty days are left out. Raises 2000 when it knows none of the entities.
    """
    moment = max(_moment(text), company.clock.now() - LONGEST_LOOK_BACK)
    captured = {name.lower(): name for name in KINDS.keys() - WITHOUT_CAPTURE}
    names = [captured.get(entity.strip().lower()) for entity in entities]
    if not any(names):
        raise fault("2000", f"Object Name: {','.join(entities)} is unsupported or invalid")
    kept: list[list[Record]] = [[] for _ in names]
    for _, place, record in _longest_unchanged(company, names, moment):
        kept[place].append(record)
    counted = [{"startPosition": 1, "maxResults": len(records)} for records in kept]
    return [
        {name: records, **count} if name and records else {}
        for name, records, count in zip(names, kept, counted, strict=True)
    ]


def _longest_unchanged(company: Company, names: list[str | None], moment: datetime) -> list[Change]:
    """Of all entities together: which are left out of a full answer, Intuit does not say, so that a client must not
    trust any of them to be whole.
    """
    changes = [
        (time, place, record)
        for place, name in enumerate(names)
        if name
        for time, record in _changed(company, name, moment)
    ]
    return sorted(changes, key=lambda change: change[:2])[:MOST_OBJECTS]


def _changed(company: Company, kind: str, moment: datetime) -> Iterator[tuple[datetime, Record]]:
    """The longest unchanged first, then what was deleted; no more of either than an answer holds."""
    table, times = company.tables[kind], company.tables[kind].orders["MetaData.LastUpdatedTime"]
    for row in islice(table.among(times.ids(times.span(">=", moment))), MOST_OBJECTS):
        yield datetime.fromisoformat(row["MetaData"]["LastUpdatedTime"]), row
    deletions = company.deletions_by_kind[kind]
    first = bisect_left(deletions, moment, key=_deleted_at)
    for deletion in deletions[first : first + MOST_OBJECTS]:
        yield _deleted_at(deletion), _stub(deletion)


def _deleted_at(deletion: Deletion) -> datetime:
    return datetime.fromisoformat(deletion.time)


def _stub(deletion: Deletion) -> Record:
    return {
        "domain": "QBO",
        "status": "Deleted",
        "Id": deletion.record["Id"],
        "MetaData": {"LastUpdatedTime": deletion.time},
    }


def _moment(text: str) -> datetime:
    """A "+" that was not encoded arrives as a blank, which no date has."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise fault("2060", f"Invalid Date Format. Supplied value: {text}", "changedSince") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)
