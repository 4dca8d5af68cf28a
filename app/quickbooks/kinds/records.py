"""The host's records behind a set of outbox rows, loaded in one query a kind, with their links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import selectinload

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice, Payment, Refund
from app.lib.money import shown
from app.quickbooks.models import Connection, Item, RecordKind, RemoteLink, SyncTask

Record = Customer | Item | Invoice | Payment | Refund
Key = tuple[RecordKind, int]

_LOADERS = {
    RecordKind.CUSTOMER: select(Customer).options(selectinload(Customer.locations)),
    RecordKind.ITEM: select(Item),
    RecordKind.INVOICE: select(Invoice).options(
        selectinload(Invoice.lines), selectinload(Invoice.customer).selectinload(Customer.locations)
    ),
    RecordKind.PAYMENT: select(Payment).options(selectinload(Payment.invoice)),
    RecordKind.REFUND: select(Refund).options(selectinload(Refund.invoice)),
}
MODELS = {
    RecordKind.CUSTOMER: Customer,
    RecordKind.ITEM: Item,
    RecordKind.INVOICE: Invoice,
    RecordKind.PAYMENT: Payment,
    RecordKind.REFUND: Refund,
}


@dataclass(frozen=True)
class Shelf:
    """Records and links by kind and local id."""

    records: dict[Key, Record]
    links: dict[Key, RemoteLink]

    @classmethod
    def load(cls, connection_id: int, tasks: Iterable[SyncTask]) -> Shelf:
        wanted = defaultdict(set)
        for task in tasks:
            wanted[task.kind].add(task.record_id)
        records = {
            (kind, record.id): record
            for kind, ids in wanted.items()
            for record in db.session.scalars(
                _LOADERS[kind].where(MODELS[kind].id.in_(ids)).execution_options(populate_existing=True)
            )
        }
        links: dict[Key, RemoteLink] = {}
        for kind, ids in wanted.items():
            links |= links_of(connection_id, kind, ids)
        return cls(records, links)

    def record(self, task: SyncTask) -> Record | None:
        return self.records.get((task.kind, task.record_id))

    def link(self, task: SyncTask) -> RemoteLink | None:
        return self.links.get((task.kind, task.record_id))


def links_of(connection_id: int, kind: RecordKind, record_ids: Iterable[int]) -> dict[Key, RemoteLink]:
    rows = db.session.scalars(
        select(RemoteLink)
        .where(
            RemoteLink.connection_id == connection_id,
            RemoteLink.kind == kind,
            RemoteLink.record_id.in_(list(record_ids)),
        )
        .execution_options(populate_existing=True)
    )
    return {(kind, link.record_id): link for link in rows}


def of_record(row: Any, connection: Connection, kind: RecordKind, record_id: Any) -> ColumnElement[bool]:
    """The condition that joins tasks or links to their records; `row` is the model of either, or an alias of it."""
    return and_(row.connection_id == connection.id, row.kind == kind, row.record_id == record_id)


def symbol_of(record: Record) -> str:
    """The sign of the currency that a record's amounts are in."""
    match record:
        case Customer() | Invoice():
            return record.company.currency.symbol
        case Payment() | Refund():
            return record.invoice.company.currency.symbol
        case _:
            return ""


def name_of(record: Record | None, kind: RecordKind) -> str:
    """What a sentence about a record calls it."""
    match record:
        case Invoice():
            return f"Invoice {record.number}"
        case Customer():
            return f"Customer {record.name}"
        case Item():
            return f"Item {record.name}"
        case Payment() | Refund():
            amount = shown(record.amount, record.invoice.company.currency.symbol)
            return f"{kind.value.capitalize()} of {amount} for {record.invoice.number}"
        case _:
            return f"This {kind.value}"
