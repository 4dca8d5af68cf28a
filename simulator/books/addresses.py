"""Addresses have Ids of their own, which stay while the address stays."""

from simulator.books.books import Books
from simulator.books.table import Record

FIELDS = ("BillAddr", "ShipAddr", "ShipFromAddr", "PrimaryAddr")


def with_ids(books: Books, record: Record, before: Record | None) -> Record:
    """The addresses of a record as they are kept. One taken from a customer keeps the customer's Id."""
    kept = {}
    for field in FIELDS:
        address = record.get(field)
        if address:
            earlier = before.get(field, {}) if before else {}
            kept[field] = address if "Id" in address else _identified(books, address, earlier)
    return kept


def _identified(books: Books, address: Record, earlier: Record) -> Record:
    if earlier and {**earlier, "Id": None} == {**address, "Id": None}:
        return earlier
    return {"Id": books.next_number("addresses"), **address}
