"""Invoices that were never sent, looked for in QuickBooks: somebody typed them in, or another tool sent them."""

import logging
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from redis.exceptions import RedisError
from sqlalchemy import delete, insert, select

from app.customers.models import Customer
from app.extensions import SLOW, db, enqueue, now
from app.invoices.models import Invoice, InvoiceStatus
from app.quickbooks.account import standstill
from app.quickbooks.account.gateway import client_for
from app.quickbooks.account.metering import reading_for
from app.quickbooks.account.tokens import TokenError
from app.quickbooks.api.client import Client, quote
from app.quickbooks.api.errors import ApiError, QuotaUsedUp
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.catalogue import entry_for
from app.quickbooks.kinds.records import of_record
from app.quickbooks.mapping import values
from app.quickbooks.mapping.fields import excerpt
from app.quickbooks.mapping.voids import is_void
from app.quickbooks.matching.invoice_rules import Bill, OurBills, pairs
from app.quickbooks.models import Connection, FoundInvoice, FoundState, RecordKind, RemoteLink
from app.quickbooks.outbox import backlog

log = logging.getLogger(__name__)

JOB, JOB_SECONDS = "app.quickbooks.jobs.look_for_earlier", 1800
READS_USED_UP = "reads_used_up"
INVOICE, CUSTOMER = RecordKind.INVOICE, RecordKind.CUSTOMER


def look_later(connection: Connection) -> None:
    """Have a worker look; the page says when it is done. Commits."""
    connection.earlier_asked_at, connection.earlier_trouble = now(), ""
    db.session.commit()
    try:
        enqueue(SLOW, JOB, connection.id, JOB_SECONDS)
    except RedisError as error:
        log.warning("Earlier invoices of connection %s are not looked for: %s", connection.id, error)
        connection.earlier_asked_at, connection.earlier_trouble = None, "outage"
        db.session.commit()


@reading_for("earlier invoices")
def look(connection_id: int) -> None:
    """Keep what QuickBooks has of those that were never sent. Commits."""
    connection, began = db.session.get_one(Connection, connection_id), now()
    ours = list(_ours(connection))
    linked = set(
        db.session.scalars(select(RemoteLink.remote_id).filter_by(connection_id=connection.id, kind=INVOICE))
    )
    db.session.commit()
    try:
        client = client_for(connection_id)
        records = {record["Id"]: record for record in _near(client, ours) if record["Id"] not in linked}
    except (ApiError, TokenError) as error:
        db.session.rollback()
        if isinstance(error, QuotaUsedUp):
            standstill.stop_reading(connection_id)
        _done(connection_id, _trouble(error))
        return
    _keep(connection_id, ours, records, began)
    _done(connection_id, "")


def forget_changed(
    connection_id: int, there: Mapping[str, RemoteRecord], gone: Collection[str], whole_from: datetime | None
) -> None:
    """A check read these invoices: a pair is offered no more whose invoice there is gone, or not what was compared.
    What is missing counts as gone where all were read, from the moment `whole_from` on. One that somebody links at
    this moment stays. The caller commits.
    """
    pairs = select(FoundInvoice).filter_by(connection_id=connection_id, state=FoundState.FOUND)
    if whole_from is None:
        pairs = pairs.where(FoundInvoice.remote_id.in_({*there, *gone}))
    locked = pairs.order_by(FoundInvoice.invoice_id).with_for_update()
    for pair in db.session.scalars(locked.execution_options(populate_existing=True)).all():
        if present := there.get(pair.remote_id):
            stands = _is_as_compared(pair, present)
        else:
            stands = pair.remote_id not in gone and (whole_from is None or pair.found_at >= whole_from)
        if not stands:
            db.session.delete(pair)


def _is_as_compared(pair: FoundInvoice, there: RemoteRecord) -> bool:
    before, present = _theirs(pair.record), _theirs(there)
    return before.is_void == present.is_void and before.same(present) == before.same(before)


def _trouble(error: ApiError | TokenError) -> str:
    """A key of catalogue/."""
    match error:
        case QuotaUsedUp():
            return READS_USED_UP
        case ApiError():
            return entry_for(error.fault).key
        case _:
            return error.key


def _ours(connection: Connection) -> Iterator[Bill]:
    link = RemoteLink.remote_id
    rows = db.session.execute(
        backlog.never_sent(connection)
        .join(Customer, Customer.id == Invoice.customer_id)
        .outerjoin(RemoteLink, of_record(RemoteLink, connection, CUSTOMER, Customer.id))
        .with_only_columns(
            Invoice.id, Invoice.number, Invoice.total, Invoice.issue_date, Invoice.status, Customer.name, link
        )
    )
    for id_, number, total, day, status, name, customer_id in rows:
        customers = frozenset(filter(None, (customer_id, _named(name))))
        yield Bill(str(id_), number, customers, total, day, status is InvoiceStatus.VOID)


def _near(client: Client, ours: list[Bill]) -> Iterator[RemoteRecord]:
    """What QuickBooks has of those days and is like one of ours, read in pages of 1,000."""
    if not ours:
        return
    known, days = OurBills(ours), [bill.day for bill in ours]
    period = f"TxnDate >= {quote(min(days).isoformat())} AND TxnDate <= {quote(max(days).isoformat())}"
    start = 1
    while page := client.page(INVOICE.entity, start, 1000, period):
        yield from (record for record in page if any(known.like(_theirs(record))))
        start += len(page)
        if len(page) < 1000:
            return


def _theirs(record: RemoteRecord) -> Bill:
    customer: dict[str, Any] = record.get("CustomerRef") or {}
    customers = frozenset(filter(None, (customer.get("value"), _named(customer.get("name", "")))))
    day = date.fromisoformat(record["TxnDate"])
    number = str(record.get("DocNumber", ""))
    return Bill(record["Id"], number, customers, record["TotalAmt"], day, is_void(record))


def _named(name: str) -> str:
    """A key that is no Id."""
    return f"name {values.customer_key(name)}" if name else ""


def _keep(connection_id: int, ours: list[Bill], records: dict[str, RemoteRecord], began: datetime) -> None:
    """What people answered before stays."""
    mine = FoundInvoice.connection_id == connection_id
    db.session.execute(delete(FoundInvoice).where(mine, FoundInvoice.state == FoundState.FOUND))
    answered = set(db.session.scalars(select(FoundInvoice.invoice_id).where(mine)))
    open_ = [bill for bill in ours if int(bill.id) not in answered]
    rows = [
        {
            "connection_id": connection_id,
            "invoice_id": int(pair.ours),
            "remote_id": pair.theirs,
            "record": _kept(records[pair.theirs]),
            "reason": pair.reason,
            "state": FoundState.FOUND,
            "found_at": began,
        }
        for pair in pairs(open_, map(_theirs, records.values()))
    ]
    if rows:
        db.session.execute(insert(FoundInvoice), rows)


def _kept(record: RemoteRecord) -> RemoteRecord:
    return excerpt(INVOICE, record) | {key: record[key] for key in ("Id", "SyncToken", "TotalAmt", "TxnDate")}


def _done(connection_id: int, trouble: str) -> None:
    connection = db.session.get_one(Connection, connection_id)
    connection.earlier_asked_at, connection.earlier_trouble = None, trouble
    if not trouble:
        connection.earlier_read_at = now()
    db.session.commit()
