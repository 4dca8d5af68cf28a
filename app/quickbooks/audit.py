"""Do our books and QuickBooks' agree? Read afresh from QuickBooks, record by record; nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus
from app.lib.money import ZERO
from app.quickbooks.gateway import client_for
from app.quickbooks.mapping.invoice import is_void
from app.quickbooks.models import SYNCABLE, Connection, RecordKind, RemoteLink, SyncTask

Records = dict[str, dict]


@dataclass(frozen=True)
class Difference:
    """`what` is missing, duplicated, different or without a row; `record` names it."""

    what: str
    record: str
    detail: str = ""


def audit(connection_id: int) -> list[Difference]:
    """Raises ApiError and TokenError when QuickBooks cannot be read."""
    client = client_for(connection_id)
    customers = {r["Id"]: r for r in client.query_all("Customer", "Active IN (true, false)")}
    invoices = {r["Id"]: r for r in client.query_all("Invoice")}
    connection = db.session.get_one(Connection, connection_id)
    return [*_customers(connection, customers), *_invoices(connection, invoices), *_unrowed(connection)]


def _customers(connection: Connection, there: Records) -> Iterator[Difference]:
    for link, customer in _linked(connection, RecordKind.CUSTOMER, Customer):
        if link.remote_id not in there:
            yield Difference("missing", f"Customer {customer.name}")


def _invoices(connection: Connection, there: Records) -> Iterator[Difference]:
    numbers: dict[str, int] = {}
    for remote in there.values():
        number = remote.get("DocNumber", "")
        numbers[number] = numbers.get(number, 0) + 1
    for link, invoice in _linked(connection, RecordKind.INVOICE, Invoice):
        name = f"Invoice {invoice.number}"
        remote = there.get(link.remote_id)
        if remote is None:
            yield Difference("missing", name)
            continue
        yield from _compared(name, invoice, remote)
        if numbers[remote.get("DocNumber", "")] > 1:
            yield Difference("duplicated", name, f"{numbers[remote['DocNumber']]} invoices have this number")


def _compared(name: str, invoice: Invoice, remote: dict) -> Iterator[Difference]:
    void = invoice.status is InvoiceStatus.VOID
    total = ZERO if void else invoice.total
    if remote.get("TotalAmt") != total:
        yield Difference("different", name, f"total ${total:,.2f} here, ${remote.get('TotalAmt'):,.2f} there")
    if is_void(remote) != void:
        yield Difference("different", name, "void in one of the two only")


def _unrowed(connection: Connection) -> Iterator[Difference]:
    """Nothing silent: what belongs into QuickBooks has a row that says where it is."""
    invoices = (
        select(Invoice)
        .outerjoin(
            SyncTask,
            (SyncTask.record_id == Invoice.id)
            & (SyncTask.kind == RecordKind.INVOICE)
            & (SyncTask.connection_id == connection.id),
        )
        .where(
            Invoice.company_id == connection.company_id,
            Invoice.status.in_(SYNCABLE),
            Invoice.generated_at >= connection.connected_at,
            SyncTask.id.is_(None),
        )
    )
    if connection.preferences.sync_invoices:
        for invoice in db.session.scalars(invoices):
            yield Difference("without a row", f"Invoice {invoice.number}")


def _linked(
    connection: Connection, kind: RecordKind, model: type
) -> Iterator[tuple[RemoteLink, Customer | Invoice]]:
    query = (
        select(RemoteLink, model)
        .join(model, model.id == RemoteLink.record_id)
        .where(RemoteLink.connection_id == connection.id, RemoteLink.kind == kind)
        .order_by(model.id)
    )
    yield from db.session.execute(query).tuples()
