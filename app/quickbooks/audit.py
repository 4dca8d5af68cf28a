"""Do our books and QuickBooks' agree? Read afresh from QuickBooks, record by record; nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks.comparison import Aspect, RemoteInvoices, Yardstick
from app.quickbooks.gateway import client_for
from app.quickbooks.models import SYNCABLE, Connection, RecordKind, RemoteLink, SyncTask


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
    connection = db.session.get_one(Connection, connection_id)
    return [*_customers(connection, customers), *_invoices(connection, invoices), *_unrowed(connection)]


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


def _unrowed(connection: Connection) -> Iterator[Finding]:
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
            yield Finding("without a row", f"Invoice {invoice.number}")


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
