"""Customers of ours that are linked with some that QuickBooks had before. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks.kinds.records import of_record
from app.quickbooks.mapping import values
from app.quickbooks.matching import directory
from app.quickbooks.matching.rules import Card
from app.quickbooks.models import Connection, RecordKind, RemoteCustomer, RemoteLink
from app.quickbooks.outbox.choices import name_beside


@dataclass(frozen=True)
class Linked:
    """A customer of ours that QuickBooks had already."""

    customer: Customer
    there: Card
    since: datetime


@dataclass(frozen=True)
class Unlinking:
    """What taking a customer and its record in QuickBooks apart means; `invoices` are there under that record."""

    customer: Customer
    there: str
    invoices: int
    suggested: str


def linked(connection: Connection) -> Select[RemoteLink]:
    """Links of our customers with some that QuickBooks had before."""
    there = (RemoteCustomer.connection_id == RemoteLink.connection_id) & (
        RemoteCustomer.remote_id == RemoteLink.remote_id
    )
    return (
        select(RemoteLink)
        .join(RemoteCustomer, there)
        .where(RemoteLink.connection_id == connection.id, RemoteLink.kind == RecordKind.CUSTOMER)
    )


def sides_of(connection: Connection, links: Sequence[RemoteLink]) -> list[Linked]:
    """Both sides of each; what is linked shows what QuickBooks had before."""
    theirs = directory.cards(connection.id, [link.remote_id for link in links])
    ids = [link.record_id for link in links]
    ours = {one.id: one for one in db.session.scalars(select(Customer).where(Customer.id.in_(ids)))}
    return [
        Linked(ours[link.record_id], theirs[link.remote_id], link.linked_at)
        for link in links
        if link.record_id in ours
    ]


def unlinking(connection: Connection, customer: Customer, link: RemoteLink) -> Unlinking:
    there = str(link.memory.seen.get("DisplayName", "")) or customer.name
    invoices = (
        select(func.count())
        .select_from(RemoteLink)
        .join(Invoice, of_record(RemoteLink, connection, RecordKind.INVOICE, Invoice.id))
        .where(Invoice.company_id == connection.company_id, Invoice.customer_id == customer.id)
    )
    is_taken = values.customer_key(there) == values.customer_key(customer.name)
    suggested = name_beside(customer.name) if is_taken else values.name(customer.name)
    return Unlinking(customer, there, db.session.scalar(invoices) or 0, suggested)
