"""Change data capture (contract section 2.7): what changed since a time, deletions included."""

from bisect import bisect_left
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
    answers, left = [], MOST_OBJECTS
    for name in names:
        changed = _changed(company, name, moment, left) if name else []
        left -= len(changed)
        counted = {"startPosition": 1, "maxResults": len(changed)}
        answers.append({name: changed, **counted} if name and changed else {})
    return answers


def _changed(company: Company, kind: str, moment: datetime, most: int) -> list[Record]:
    """The longest unchanged first, then what was deleted."""
    table, times = company.tables[kind], company.tables[kind].orders["MetaData.LastUpdatedTime"]
    rows = list(islice(table.among(times.ids(times.span(">=", moment))), most))
    deletions = company.deletions_by_kind[kind]
    first = bisect_left(deletions, moment, key=_deleted_at)
    return rows + [_stub(deletion) for deletion in deletions[first : first + most - len(rows)]]


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
    """A "+" that was not encoded arrives as a blank."""
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError:
        raise fault("2060", f"Invalid Date Format. Supplied value: {text}", "changedSince") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)
