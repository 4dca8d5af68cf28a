"""Do our books and QuickBooks' agree? Record by record, by what was read of QuickBooks; nothing is changed."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus, Payment, Refund
from app.lib.money import shown
from app.quickbooks.account.gateway import client_for
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.client import Client
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.comparison import (
    Aspect,
    RemoteInvoice,
    Yardstick,
    differences,
    number_key,
)
from app.quickbooks.kinds.records import name_of, of_record
from app.quickbooks.mapping.invoice import is_void
from app.quickbooks.mapping.money_record import is_over, mark_in
from app.quickbooks.models import SYNCABLE, Connection, RecordKind, RemoteLink, SyncTask
from app.quickbooks.outbox import money_records

EVERYWHERE = (RecordKind.CUSTOMER, RecordKind.INVOICE)


@dataclass(frozen=True)
class Finding:
    """`what` is missing, duplicated, different or without a row; `record` names it."""

    what: str
    record: str
    detail: str = ""

    @property
    def text(self) -> str:
        return self.detail or "it is not there any more"


@dataclass(frozen=True)
class Books:
    """What was read of QuickBooks: everything (`is_whole`), or a part. By kind and Id; `gone` was deleted.

    `numbers` says how often QuickBooks has each number of an invoice, where more is known than is in the part.
    """

    records: Mapping[RecordKind, Mapping[str, RemoteRecord]]
    gone: Mapping[RecordKind, frozenset[str]] = field(default_factory=dict)
    is_whole: bool = True
    numbers: Mapping[str, int] | None = None  # by comparison.number_key

    @classmethod
    def of_changes(cls, changed: Mapping[str, Iterable[RemoteRecord]]) -> "Books":
        """From the answer of change data capture (contract section 2.7)."""
        records, gone = {}, {}
        for entity, found in changed.items():
            listed = list(found)
            kind = RecordKind.of(entity)
            gone[kind] = frozenset(one["Id"] for one in listed if one.get("status") == "Deleted")
            records[kind] = {one["Id"]: one for one in listed if one["Id"] not in gone[kind]}
        return cls(records, gone, is_whole=False)

    def of(self, kind: RecordKind) -> Mapping[str, RemoteRecord]:
        return self.records.get(kind, {})


@dataclass(frozen=True)
class Checked:
    """A linked record that was looked at: what QuickBooks has of it (None when it is gone) and what was found."""

    kind: RecordKind
    record_id: int
    name: str
    remote: RemoteRecord | None
    is_over: bool  # void, or taken back, here
    findings: Sequence[Finding]
    invoice_id: int = 0  # of money


def kinds_of(connection: Connection) -> list[str]:
    """QuickBooks' names of what is compared; with payments off, money is meant to differ."""
    with_money = [*EVERYWHERE, *money_records.MODELS] if connection.preferences.sync_payments else EVERYWHERE
    return [kind.entity for kind in with_money]


def whole(client: Client, entities: Iterable[str]) -> Books:
    """Read everything. Raises ApiError and TokenError."""
    records = {}
    for kind in map(RecordKind.of, entities):
        everything = client.query_all(kind.entity, KINDS[kind].identity.also)
        records[kind] = {one["Id"]: one for one in everything}
    return Books(records)


@reading_for("audit")
def audit(connection_id: int) -> list[Finding]:
    """Raises ApiError and TokenError when QuickBooks cannot be read."""
    connection = db.session.get_one(Connection, connection_id)
    books = whole(client_for(connection_id), kinds_of(connection))
    connection = db.session.get_one(Connection, connection_id)
    found = [finding for one in checked(connection, books) for finding in one.findings]
    return [*found, *_unrowed(connection)]


def checked(
    connection: Connection, books: Books, explained: Collection[int] = frozenset()
) -> Iterator[Checked]:
    """Every linked record that the books speak of. A balance that follows from found money is not found twice:
    that of the `explained` invoices of ours follows from money that was found before.
    """
    of_money = [one for kind in money_records.MODELS for one in _money(connection, kind, books)]
    explained = {*explained, *(one.invoice_id for one in of_money if one.findings)}
    yield from _customers(connection, books)
    yield from _invoices(connection, books, explained)
    yield from of_money


def _customers(connection: Connection, books: Books) -> Iterator[Checked]:
    for link, customer in _linked(connection, RecordKind.CUSTOMER, Customer, books):
        name, remote = (
            name_of(customer, RecordKind.CUSTOMER),
            books.of(RecordKind.CUSTOMER).get(link.remote_id),
        )
        found = [] if remote else [Finding("missing", name)]
        yield Checked(RecordKind.CUSTOMER, customer.id, name, remote, False, found)


def _invoices(connection: Connection, books: Books, explained: set[int]) -> Iterator[Checked]:
    kind = RecordKind.INVOICE
    there = {id_: RemoteInvoice.of(record) for id_, record in books.of(kind).items()}
    counted = Counter(remote.number_key for remote in there.values())
    numbers = counted if books.numbers is None else books.numbers
    linked = list(_linked(connection, kind, Invoice, books))
    yardstick = Yardstick.of(connection, {invoice.customer_id for _, invoice in linked})
    for link, invoice in linked:
        name, remote = name_of(invoice, kind), books.of(kind).get(link.remote_id)
        found = [Finding("missing", name)]
        if remote is not None:
            found = [
                Finding("duplicated" if one.aspect is Aspect.DUPLICATE else "different", name, one.text)
                for one in differences(
                    invoice, there[link.remote_id], yardstick, numbers.get(number_key(invoice.number), 0)
                )
                if one.aspect is not Aspect.BALANCE or invoice.id not in explained
            ]
        yield Checked(kind, invoice.id, name, remote, invoice.status is InvoiceStatus.VOID, found)
    if not books.is_whole and books.numbers is None:
        yield from _twins(connection, there, numbers)


def _twins(connection: Connection, there: Collection[str], numbers: Mapping[str, int]) -> Iterator[Checked]:
    """Invoices of ours that were not read, and whose number another one has by now."""
    known = {number.lower() for number in numbers if number}
    query = (
        select(RemoteLink, Invoice)
        .join(Invoice, of_record(RemoteLink, connection, RecordKind.INVOICE, Invoice.id))
        .where(
            Invoice.company_id == connection.company_id,
            func.lower(Invoice.number).in_(known),
            RemoteLink.remote_id.not_in(there),
        )
    )
    for _, invoice in db.session.execute(query).tuples():
        name = name_of(invoice, RecordKind.INVOICE)
        told = f"{numbers[number_key(invoice.number)] + 1} invoices in QuickBooks have this number"
        found = [Finding("duplicated", name, told)]
        yield Checked(RecordKind.INVOICE, invoice.id, name, {}, invoice.status is InvoiceStatus.VOID, found)


def _money(connection: Connection, kind: RecordKind, books: Books) -> Iterator[Checked]:
    """Payments and refunds: what was sent is there, once and as much; what is over is not."""
    there = books.of(kind)
    marks = Counter(_mark_of(remote) for remote in there.values() if not is_void(remote))
    model = money_records.MODELS[kind]
    for link, record in _linked(connection, kind, model, books, joinedload(model.invoice)):
        remote = there.get(link.remote_id)
        found = list(_in_money(record, kind, remote))
        mark = _mark_of(remote) if remote else ""
        if mark and marks[mark] > 1:
            name = name_of(record, kind)
            found.append(Finding("duplicated", name, f"{marks[mark]} in QuickBooks have our mark"))
        name, over = name_of(record, kind), is_over(record)
        yield Checked(kind, record.id, name, remote, over, found, record.invoice_id)


def _in_money(record: Payment | Refund, kind: RecordKind, remote: RemoteRecord | None) -> Iterator[Finding]:
    name, stands_there = name_of(record, kind), remote is not None and not is_void(remote)
    if is_over(record):
        if stands_there:
            yield Finding("different", name, "over here, not in QuickBooks")
    elif not stands_there:
        yield Finding("missing", name)
    elif remote and remote["TotalAmt"] != record.amount:
        symbol = KINDS[kind].symbol(record)
        here, there = (shown(each, symbol) for each in (record.amount, remote["TotalAmt"]))
        yield Finding("different", name, f"{here} here, {there} in QuickBooks")


def _mark_of(remote: RemoteRecord) -> str:
    return mark_in(str(remote.get("PrivateNote", "")))


def _unrowed(connection: Connection) -> Iterator[Finding]:
    """Nothing silent: what belongs into QuickBooks has a row that says where it is."""
    if connection.preferences.sync_payments:
        for kind, model in money_records.MODELS.items():
            unrowed: Select[Any] = select(model).where(
                model.id.in_(money_records.without_row(connection, kind))
            )
            for record in db.session.scalars(unrowed.options(joinedload(model.invoice))):
                yield Finding("without a row", name_of(record, kind))
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
    connection: Connection, kind: RecordKind, model: Any, books: Books, *options: Any
) -> Iterator[tuple[RemoteLink, Any]]:
    """Those that the books speak of."""
    if kind not in books.records:
        return
    query: Select[Any] = (
        select(RemoteLink, model)
        .join(model, model.id == RemoteLink.record_id)
        .where(RemoteLink.connection_id == connection.id, RemoteLink.kind == kind)
        .order_by(model.id)
        .options(*options)
    )
    if not books.is_whole:
        query = query.where(RemoteLink.remote_id.in_({*books.of(kind), *books.gone.get(kind, ())}))
    yield from db.session.execute(query).tuples()
