"""How a record is recognised in QuickBooks while its Id there is not known: by a name, by a number, or, where
QuickBooks has neither, by a mark of ours in its note. The same key is read from what was sent and what is found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.quickbooks.mapping.values import name_key


@dataclass(frozen=True)
class Identity:
    """The field to ask for, what narrows the question, and whether the field alone tells the record."""

    field: str
    also: str = ""


# Inactive customers and items still hold their name (contract section 4.1); transactions have no Active.
BY_ENTITY = {
    "Customer": Identity("DisplayName", "Active IN (true, false)"),
    "Item": Identity("Name", "Active IN (true, false)"),
    "Invoice": Identity("DocNumber"),
}


def asked_by(entity: str, record: Mapping[str, Any]) -> str:
    """The value a query has to ask for to find the record."""
    return str(record.get(BY_ENTITY[entity].field, ""))


def key_of(entity: str, record: Mapping[str, Any]) -> str:
    """What the record and the one that was sent share."""
    return name_key(asked_by(entity, record))
