"""Is it in QuickBooks already? Asked by name or number, many at a time, before a first create and
whenever an answer was lost (design: unknown outcome).
"""

from typing import Any

from app.quickbooks.api.client import Client, quote
from app.quickbooks.api.errors import Refused
from app.quickbooks.mapping.values import name_key
from app.quickbooks.models import RecordKind

AT_ONCE = 30

Found = dict[str, list[dict[str, Any]]]

# Inactive customers and items still hold their name (contract section 4.1); invoices have no Active.
_WHERE = {
    RecordKind.CUSTOMER: ("Customer", "DisplayName", " AND Active IN (true, false)"),
    RecordKind.ITEM: ("Item", "Name", " AND Active IN (true, false)"),
    RecordKind.INVOICE: ("Invoice", "DocNumber", ""),
}


def find(client: Client, kind: RecordKind, names: list[str]) -> Found:
    """QuickBooks' records by name key; a name without any is absent. Raises ApiError."""
    found: Found = {}
    for start in range(0, len(names), AT_ONCE):
        for record in _ask(client, kind, names[start : start + AT_ONCE]):
            found.setdefault(name_key(record[_WHERE[kind][1]]), []).append(record)
    return found


def _ask(client: Client, kind: RecordKind, names: list[str]) -> list[dict[str, Any]]:
    """One query; when a name in it cannot be queried (contract section 2.6, code 4000), each by itself."""
    entity, field, also = _WHERE[kind]
    listed = ", ".join(quote(name) for name in names)
    try:
        return client.query_all(entity, f"{field} IN ({listed}){also}")
    except Refused:
        if len(names) > 1:
            return [record for name in names for record in _ask(client, kind, [name])]
        return _compare_locally(client, kind, names[0])


def _compare_locally(client: Client, kind: RecordKind, name: str) -> list[dict[str, Any]]:
    entity, field, also = _WHERE[kind]
    everything = client.query_all(entity, also.removeprefix(" AND "))
    return [record for record in everything if name_key(record.get(field, "")) == name_key(name)]
