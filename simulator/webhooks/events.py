"""A change of the books as a CloudEvent."""

import uuid
from datetime import UTC, datetime
from typing import Any

from simulator.books.history import Change
from simulator.books.table import Record
from simulator.books.void_notes import is_voided

Event = dict[str, Any]

SOURCE = "intuit.simulator"
SILENT = {"CompanyInfo", "TaxCode", "TaxRate"}


def event_of(change: Change, realm: str) -> Event | None:
    """None for a kind that has no webhooks."""
    if change.kind in SILENT:
        return None
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": SOURCE,
        "type": f"qbo.{change.kind.lower()}.{_operation(change)}.v1",
        "datacontenttype": "application/json",
        "time": _nanoseconds(change.time),
        "intuitentityid": change.id,
        "intuitaccountid": realm,
        "data": {},
    }


def _operation(change: Change) -> str:
    if change.before is None:
        return "created"
    if change.after is None:
        return "deleted"
    if _voided(change.after) and not _voided(change.before):
        return "voided"
    return "emailed" if _mailed(change.before) != _mailed(change.after) else "updated"


def _voided(record: Record) -> bool:
    return "TotalAmt" in record and is_voided(record)


def _mailed(record: Record) -> Any:
    return record.get("DeliveryInfo")


def _nanoseconds(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}000Z"
