"""Do our books and QuickBooks' agree? Read afresh from QuickBooks, record by record; nothing is changed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks.account.gateway import client_for
from app.quickbooks.kinds.comparison import Aspect, RemoteInvoices, Yardstick
from app.quickbooks.kinds.records import name_of, of_record
from app.quickbooks.mapping.invoice import is_void
from app.quickbooks.mapping.money import is_over, mark, mark_in
from app.quickbooks.models import SYNCABLE, Connection, RecordKind, RemoteLink, SyncTask
from app.quickbooks.outbox import money


@dataclass(frozen=True)
class Finding:
    """`what` is missing, duplicated, different or without a row; `record` names it."""

    what: str
    record: str
    detail: str = ""


def audit(connection_id: int) -> list[Finding]:
    """Raises ApiError and TokenError when QuickBooks cannot be read."""
    client = client_for(connection_id)
    customers = {record["Id"] for record in client.query_all("Customer", "Active IN (true, false)")}
    invoices = RemoteInvoices(client.query_all("Invoice"))
    money_there = {kind: client.query_all(kind.entity) for kind in money.MODELS}
    connection = db.session.get_one(Connection, connection_id)
    return [
        *_customers(connection, customers),
        *_invoices(connection, invoices),
        *_all_money(connection, money_there),
        *_unrowed(connection),
    ]


def _customers(connection: Connection, there: set[str]) -> Iterator[Finding]:
    for link, customer in _linked(connection, RecordKind.CUSTOMER, Customer):
        if link.remote_id not in there:
            yield Finding("missing", f"Customer {customer.name}")


def _invoices(connection: Connection, there: RemoteInvoices) -> Iterator[Finding]:
    yardstick = Yardstick.of(connection)
    for link, invoice in _linked(connection, RecordKind.INVOICE, Invoice):
        name = f"Invoice {invoice.number}"
        remote = there.by_id.get(link.remote_id)
        if remote is None:
            yield Finding("missing", name)
            continue
        for difference in there.differences(invoice, remote, yardstick):
            what = "duplicated" if difference.aspect is Aspect.DUPLICATE else "different"
            yield Finding(what, name, difference.text)


def _all_money(
    connection: Connection, there: Mapping[RecordKind, Iterable[dict[str, Any]]]
) -> Iterator[Finding]:
    """With payments off it is meant to differ."""
    if connection.preferences.sync_payments:
        for kind, records in there.items():
            yield from _money(connection, kind, records)


def _money(connection: Connection, kind: RecordKind, records: Iterable[dict[str, Any]]) -> Iterator[Finding]:
    """Payments and refunds: what was sent is there, once and as much; what is over is not."""
    there = {record["Id"]: record for record in records if not is_void(record)}
    marks = Counter(mark_in(str(record.get("PrivateNote", ""))) for record in there.values())
    model = money.MODELS[kind]
    for link, record in _linked(connection, kind, model, joinedload(model.invoice)):
        name, remote = name_of(record, kind), there.get(link.remote_id)
        if remote is None and not is_over(record):
            yield Finding("missing", name)
        if remote and is_over(record):
            yield Finding("different", name, "over here, not in QuickBooks")
        elif remote and remote["TotalAmt"] != record.amount:
            yield Finding("different", name, f"{record.amount} here, {remote['TotalAmt']} in QuickBooks")
        if marks[mark(record)] > 1:
            yield Finding("duplicated", name, f"{marks[mark(record)]} in QuickBooks have our mark")
    unrowed = select(model).where(model.id.in_(money.without_row(connection, kind)))
    for record in db.session.scalars(unrowed.options(joinedload(model.invoice))):
        yield Finding("without a row", name_of(record, kind))


def _unrowed(connection: Connection) -> Iterator[Finding]:
    """Nothing silent: what belongs into QuickBooks has a row that says where it is."""
    invoices = (
        select(Invoice)
        .outerjoin(SyncTask, of_record(SyncTask, connection, RecordKind.INVOICE, Invoice.id))
        .where(
            Invoice.company_id == connection.company_id,
            Invoice.status.in_(SYNCABLE),
            Invoice.generated_at >= connection.connected_at,
            SyncTask.id.is_(None),
        )
    )
    if connection.preferences.sync_invoices:
        for invoice in db.session.scalars(invoices):
            yield Finding("without a row", f"Invoice {invoice.number}")


def _linked(
    connection: Connection, kind: RecordKind, model: type, *options: Any
) -> Iterator[tuple[RemoteLink, Customer | Invoice]]:
    query = (
        select(RemoteLink, model)
        .join(model, model.id == RemoteLink.record_id)
        .where(RemoteLink.connection_id == connection.id, RemoteLink.kind == kind)
        .order_by(model.id)
        .options(*options)
    )
    yield from db.session.execute(query).tuples()
