"""Addresses have Ids of their own, which stay while the address stays."""

from typing import TYPE_CHECKING

from simulator.books.table import Record

if TYPE_CHECKING:
    from simulator.books.company import Company

FIELDS = ("BillAddr", "ShipAddr", "ShipFromAddr", "PrimaryAddr")


def with_ids(company: "Company", record: Record, before: Record | None) -> Record:
    """The addresses of a record as they are kept. One taken from a customer keeps the customer's Id."""
    kept = {}
    for field in FIELDS:
        address = record.get(field)
        if address:
            earlier = before.get(field, {}) if before else {}
            kept[field] = address if "Id" in address else _identified(company, address, earlier)
    return kept


def _identified(company: "Company", address: Record, earlier: Record) -> Record:
    if earlier and {**earlier, "Id": None} == {**address, "Id": None}:
        return earlier
    return {"Id": company.next_number("addresses"), **address}
