"""By what a record is looked for in QuickBooks while its Id there is not known: a name, a number or, where it has
neither, its day. The same key is read from what was sent and from what is found; whether what is found is ours is
another question (lane/recognition.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.quickbooks.mapping import values


@dataclass(frozen=True)
class Identity:
    """The field to ask for, how its values are compared, and what widens or narrows the question."""

    field: str
    key: Callable[[str], str] = str.casefold  # QuickBooks compares without case (contract section 2.6)
    also: str = ""


# Inactive customers and items still hold their name (contract section 4.1); transactions have no Active.
INACTIVE_TOO = "Active IN (true, false)"
BY_ENTITY = {
    "Customer": Identity("DisplayName", values.customer_key, INACTIVE_TOO),
    "Item": Identity("Name", values.name_key, INACTIVE_TOO),
    "Invoice": Identity("DocNumber"),
    "Payment": Identity("TxnDate"),  # neither its number nor its note can be queried (contract section 2.6)
    "RefundReceipt": Identity("DocNumber"),
}


def asked_by(entity: str, record: Mapping[str, Any]) -> str:
    """The value a query has to ask for to find the record."""
    return str(record.get(BY_ENTITY[entity].field, ""))


def key_of(entity: str, value: str) -> str:
    """What two values of that field share when they may mean one record."""
    return BY_ENTITY[entity].key(value)
