"""How a record is recognised in QuickBooks while its Id there is not known: by a name, by a number, or, where
QuickBooks has neither, by a mark of ours in its note. The same key is read from what was sent and what is found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.quickbooks.mapping.money import mark_in
from app.quickbooks.mapping.values import name_key


@dataclass(frozen=True)
class Identity:
    """The field to ask for, what narrows the question, and whether the field alone tells the record: else our mark
    in its note does.
    """

    field: str
    also: str = ""
    by_mark: bool = False


# Inactive customers and items still hold their name (contract section 4.1); transactions have no Active.
BY_ENTITY = {
    "Customer": Identity("DisplayName", "Active IN (true, false)"),
    "Item": Identity("Name", "Active IN (true, false)"),
    "Invoice": Identity("DocNumber"),
    "Payment": Identity(
        "TxnDate", by_mark=True
    ),  # neither number nor note can be queried (contract section 2.6)
    "RefundReceipt": Identity("DocNumber"),
}


def asked_by(entity: str, record: Mapping[str, Any]) -> str:
    """The value a query has to ask for to find the record."""
    return str(record.get(BY_ENTITY[entity].field, ""))


def key_of(entity: str, record: Mapping[str, Any]) -> str:
    """What the record and the one that was sent share; empty for one that is surely not ours."""
    if BY_ENTITY[entity].by_mark:
        return mark_in(str(record.get("PrivateNote", "")))
    return name_key(asked_by(entity, record))
