"""References between records: they must exist, be active, and show the name they have today."""

from collections.abc import Iterable
from typing import Any

from simulator.books.books import Books
from simulator.books.kind import Kind
from simulator.books.table import Record, Table
from simulator.faults import MADE_INACTIVE, bad_reference, fault, not_found

ALWAYS_KEPT = frozenset({"domain", "sparse", "Id", "SyncToken", "MetaData"})
SHOWN_BY_ID_ONLY = frozenset({"TaxCode", "TaxRate"})  # their references carry no name
NAME_FIELDS = ("FullyQualifiedName", "DisplayName", "Name")


def shown_name(record: Record) -> str:
    return next(record[field] for field in NAME_FIELDS if field in record)


def resolve(books: Books, kind: str, reference: Record, element: str) -> Record:
    """The record that a reference means. Raises 2500 when there is none, 2500 or 610 when it is inactive."""
    record = books.get(kind, reference["value"])
    if record is None:
        raise bad_reference(element)
    if record.get("Active") is False:
        raise (
            not_found()
            if kind == "Customer"
            else fault("2500", f"Invalid Reference Id : {MADE_INACTIVE}", element)
        )
    return record


def checked(books: Books, kind: str, reference: Record, element: str) -> Record:
    """The reference as QuickBooks shows it."""
    return to(kind, resolve(books, kind, reference, element))


def to(kind: str, record: Record) -> Record:
    if kind in SHOWN_BY_ID_ONLY:
        return {"value": record["Id"]}
    return {"value": record["Id"], "name": shown_name(record)}


def rename(books: Books, kind: Kind, before: Record, after: Record) -> None:
    """After a rename, every reference to the record shows the new name; no SyncToken moves for it."""
    if not kind.known_by or kind.is_transaction or shown_name(before) == shown_name(after):
        return
    old, new = to(kind.name, before), to(kind.name, after)
    for table in books.tables.values():
        for record in _referring(table, kind, before["Id"]):
            renamed = _replaced(record, f"{kind.name}Ref", old, new)
            if renamed is not record:
                table.put(renamed)


def _referring(table: Table, kind: Kind, id_: str) -> Iterable[Record]:
    """Records that may refer to it: a customer's by an index, all of them for anything else."""
    field = f"{kind.name}Ref"
    if field in table.groups:
        return table.having(field, id_)
    return () if kind.name == "Customer" else table


def _replaced(value: Any, key: str, old: Record, new: Record) -> Any:
    """The same object when nothing in it changes."""
    if isinstance(value, dict):
        changed = {
            name: new if name.endswith(key) and inner == old else _replaced(inner, key, old, new)
            for name, inner in value.items()
        }
        return changed if any(changed[name] is not value[name] for name in value) else value
    if isinstance(value, list):
        items = [_replaced(inner, key, old, new) for inner in value]
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return value
