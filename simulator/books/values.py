"""Properties of a record as queries and indexes compare them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

NESTED_VALUES = {"PrimaryEmailAddr": "Address"}
METADATA = "MetaData."
NAMES = ("FullyQualifiedName", "DisplayName", "Name")


def value_of(record: dict[str, Any], field: str) -> Any:
    """A time, the target of a reference, a plain value, or None. Ids are numbers, so that 9 comes before 10."""
    if field.startswith(METADATA):
        return datetime.fromisoformat(record["MetaData"][field.removeprefix(METADATA)])
    value = record.get(field)
    if field == "Id" and value is not None:
        return int(value)
    if isinstance(value, dict):
        return value.get(NESTED_VALUES.get(field, "value"))
    return value


def comparable(value: Any) -> Any:
    """Texts compare in any case of letters, numbers as Decimal."""
    if isinstance(value, str):
        return value.casefold()
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def key_of(record: dict[str, Any], field: str) -> Any:
    return comparable(value_of(record, field))


def shown_name(record: dict[str, Any]) -> str:
    """Recorded: lists come in the order of the full name."""
    return next((record[name].casefold() for name in NAMES if name in record), "")
