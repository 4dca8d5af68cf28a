"""Do our books and QuickBooks' agree? Record by record, by what was read of QuickBooks; nothing is changed."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus
from app.quickbooks.account.gateway import client_for
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.checks import money
from app.quickbooks.checks.books import Books, whole
from app.quickbooks.checks.linked import Checked, Finding, linked
from app.quickbooks.kinds.comparison import (
    RemoteInvoice,
    Yardstick,
    differences,
    number_key,
    there_twice,
)
from app.quickbooks.kinds.records import name_of, of_record
from app.quickbooks.models import SYNCABLE, Connection, RecordKind, RemoteLink, SyncTask
from app.quickbooks.models.differences import DELETED, Aspect, includes
from app.quickbooks.outbox import answers, money_records
from app.quickbooks.outbox.backlog import dated_to_be_sent

EVERYWHERE = (RecordKind.CUSTOMER, RecordKind.INVOICE)


def kinds_of(connection: Connection) -> list[str]:
    """QuickBooks' names of what is compared; with payments off, money is meant to differ."""
    with_money = [*EVERYWHERE, *money_records.MODELS] if connection.preferences.sync_payments else EVERYWHERE
    return [kind.entity for kind in with_money]


@reading_for("audit")
def audit(connection_id: int) -> list[Finding]:
    """Raises ApiError and TokenError when QuickBooks cannot be read."""
    connection = db.session.get_one(Connection, connection_id)
    books = whole(connection_id, client_for(connection_id), kinds_of(connection))
    connection = db.session.get_one(Connection, connection_id)
    found = [Finding.of(one.name, each) for one in checked(connection, books) for each in one.differences]
    return [*found, *_unrowed(connection)]


def checked(
    connection: Connection, books: Books, explained: Collection[int] = frozenset()
) -> Iterator[Checked]:
    """Every linked record that the books speak of, money first. A balance that follows from found money is not
    found twice: that of the `explained` invoices of ours follows from money that was found before. The caller may
    commit between any two.
    """
    explained = set(explained)
    for kind in money_records.MODELS:
        for one in money.checked(connection, kind, books):
            if one.differences:
                explained.add(one.invoice_id)
            yield one
    yield from _customers(connection, books)
    yield from _invoices(connection, books, explained)


def _customers(connection: Connection, books: Books) -> Iterator[Checked]:
    kind = RecordKind.CUSTOMER
    for some in linked(connection, kind, Customer, books):
        yield from [_customer(customer, books.of(kind).get(link.remote_id)) for link, customer in some]


def _customer(customer: Customer, remote: RemoteRecord | None) -> Checked:
    name = name_of(customer, RecordKind.CUSTOMER)
    found = [] if remote else [DELETED]
    return Checked(RecordKind.CUSTOMER, customer.id, name, remote, False, found)


def _invoices(connection: Connection, books: Books, explained: set[int]) -> Iterator[Checked]:
    kind = RecordKind.INVOICE
    there = books.of(kind)
    counted = Counter(number_key(str(remote.get("DocNumber") or "")) for remote in there.values())
    numbers = counted if books.numbers is None else books.numbers
    for some in linked(connection, kind, Invoice, books):
        yardstick = Yardstick.of(connection, {invoice.customer_id for _, invoice in some})
        allowed = _may_be_there_twice(connection, [invoice.id for _, invoice in some])
        yield from [
            _invoice(invoice, there.get(link.remote_id), yardstick, numbers, allowed, explained)
            for link, invoice in some
        ]
    if not books.is_whole and books.numbers is None:
        spoken_of = {*there, *books.gone.get(kind, ())}
        yield from _twins(connection, spoken_of, numbers)


def _invoice(
    invoice: Invoice,
    remote: RemoteRecord | None,
    yardstick: Yardstick,
    numbers: Mapping[str, int],
    allowed: Mapping[int, int],
    explained: Collection[int],
) -> Checked:
    kind = RecordKind.INVOICE
    name, is_over = name_of(invoice, kind), invoice.status is InvoiceStatus.VOID
    if remote is None:
        return Checked(kind, invoice.id, name, None, is_over, [DELETED])
    with_its_number = numbers.get(number_key(invoice.number), 0)
    if with_its_number <= allowed.get(invoice.id, 1):
        with_its_number = 1
    found = [
        one
        for one in differences(invoice, RemoteInvoice.of(remote), yardstick, with_its_number)
        if one.aspect is not Aspect.BALANCE or invoice.id not in explained
    ]
    return Checked(kind, invoice.id, name, remote, is_over, found)


def _twins(
    connection: Connection, spoken_of: Collection[str], numbers: Mapping[str, int]
) -> Iterator[Checked]:
    """Invoices of ours that were not read, but are there, and whose number is another one's too by now."""
    known = {number.lower() for number in numbers if number}
    query = (
        select(RemoteLink, Invoice)
        .join(Invoice, of_record(RemoteLink, connection, RecordKind.INVOICE, Invoice.id))
        .where(
            Invoice.company_id == connection.company_id,
            func.lower(Invoice.number).in_(known),
            RemoteLink.remote_id.not_in(spoken_of),
        )
    )
    rows = db.session.execute(query).tuples().all()
    allowed = _may_be_there_twice(connection, [invoice.id for _, invoice in rows])
    for link, invoice in rows:
        with_its_number = numbers[number_key(invoice.number)] + 1
        if with_its_number <= allowed.get(invoice.id, 1):
            continue
        if link.memory.in_doubt or includes(link.left_differences, Aspect.GONE):
            continue
        name, is_over = name_of(invoice, RecordKind.INVOICE), invoice.status is InvoiceStatus.VOID
        found = [there_twice(with_its_number)]
        yield Checked(RecordKind.INVOICE, invoice.id, name, {}, is_over, found)


def _may_be_there_twice(connection: Connection, invoice_ids: Collection[int]) -> dict[int, int]:
    """By invoice, where a person said that others keep its number: how many may have it."""
    said = SyncTask.answer["repeats_number"].as_boolean()
    rows = select(SyncTask).where(
        SyncTask.connection_id == connection.id,
        SyncTask.kind == RecordKind.INVOICE,
        SyncTask.record_id.in_(invoice_ids),
        said,
    )
    return {row.record_id: answers.may_have_its_number(row) for row in db.session.scalars(rows)}


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
            dated_to_be_sent(connection.preferences.send_from, connection.connected_at),
            SyncTask.id.is_(None),
        )
    )
    if connection.preferences.sync_invoices:
        for invoice in db.session.scalars(invoices):
            yield Finding("without a row", f"Invoice {invoice.number}")
