"""What a record needs in QuickBooks before it can go: an invoice its customer and items; a payment or a refund its
invoice too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus, Payment, Refund
from app.quickbooks import outbox
from app.quickbooks.kinds import Record
from app.quickbooks.kinds.applied import leaving
from app.quickbooks.kinds.item import items_named
from app.quickbooks.kinds.records import Key, links_of
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.invoice import InvoiceRefs, item_names
from app.quickbooks.mapping.money import is_over
from app.quickbooks.mapping.payment import PaymentRefs
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.refund import REFUND_ITEM, RefundRefs
from app.quickbooks.mapping.values import name_key
from app.quickbooks.models import SYNCABLE, Connection, RecordKind, SyncTask

Needy = Invoice | Payment | Refund
Refs = InvoiceRefs | PaymentRefs | RefundRefs


@dataclass(frozen=True)
class Missing:
    """The outbox row that has to succeed first."""

    task: SyncTask


class Dependencies:
    """Answers for a set of records at once; rows for missing customers and items are put into the outbox."""

    def __init__(self, connection: Connection, records: Iterable[Record], facts: CompanyFacts) -> None:
        needy = [record for record in records if _needs_others(record)]
        self._names = {record: _item_names(record, facts) for record in needy}
        self._items = items_named(connection.id, {name for names in self._names.values() for name in names})
        needed = {
            RecordKind.CUSTOMER: {_invoice(record).customer_id for record in needy},
            RecordKind.ITEM: {item.id for item in self._items.values()},
            RecordKind.INVOICE: {record.invoice_id for record in needy if not isinstance(record, Invoice)},
        }
        self._links = {
            key: link
            for kind, ids in needed.items()
            for key, link in links_of(connection.id, kind, ids).items()
        }
        self._tasks = self._missing_tasks(connection.id, needed)
        self._leaving = leaving(connection, {_invoice(record).id for record in needy if _waits(record)})

    def of(self, record: Record) -> Refs | Missing | None:
        """None when the record names no others. Raises CannotMap when what is missing will not come by itself."""
        if record not in self._names:
            return None
        if _waits(record) and (payment := self._leaving.get(_invoice(record).id)):
            return Missing(payment)
        for key in self._needed(record):
            if key not in self._links:
                return self._missing(key, record)
        return self._refs(record)

    def _needed(self, record: Needy) -> Iterable[Key]:
        if not isinstance(record, Invoice):
            yield RecordKind.INVOICE, record.invoice_id
        yield RecordKind.CUSTOMER, _invoice(record).customer_id
        for key in sorted(map(name_key, self._names[record])):
            yield RecordKind.ITEM, self._items[key].id

    def _missing(self, key: Key, record: Needy) -> Missing:
        """Invoices are queued by their own rules, so what belongs to one that is not waits for a person."""
        invoice = _invoice(record)
        if key[0] is RecordKind.INVOICE and (key not in self._tasks or invoice.status not in SYNCABLE):
            raise CannotMap("invoice_not_there", invoice=f"Invoice {invoice.number}")
        return Missing(self._tasks[key])

    def _refs(self, record: Needy) -> Refs:
        customer = self._links[RecordKind.CUSTOMER, _invoice(record).customer_id].remote_id
        keys = {name_key(name) for name in self._names[record]}
        items = {key: self._links[RecordKind.ITEM, self._items[key].id].remote_id for key in keys}
        match record:
            case Invoice():
                return InvoiceRefs(customer, items)
            case Payment():
                return PaymentRefs(customer, self._links[RecordKind.INVOICE, record.invoice_id].remote_id)
            case Refund():
                return RefundRefs(customer, items[name_key(REFUND_ITEM)])

    def _missing_tasks(
        self, connection_id: int, needed: Mapping[RecordKind, set[int]]
    ) -> dict[Key, SyncTask]:
        tasks = {}
        for kind, ids in needed.items():
            lacking = {record_id for record_id in ids if (kind, record_id) not in self._links}
            if kind is not RecordKind.INVOICE:
                outbox.ensure_queued(connection_id, kind, lacking)
            for task in db.session.scalars(
                select(SyncTask).where(
                    SyncTask.connection_id == connection_id,
                    SyncTask.kind == kind,
                    SyncTask.record_id.in_(lacking),
                )
            ):
                tasks[kind, task.record_id] = task
        return tasks


def _needs_others(record: Record) -> bool:
    return isinstance(record, Invoice) or (isinstance(record, Payment | Refund) and not is_over(record))


def _waits(record: Needy) -> bool:
    """What another payment on the same invoice may be in the way of."""
    is_void = isinstance(record, Invoice) and record.status is InvoiceStatus.VOID
    return is_void or isinstance(record, Payment)


def _invoice(record: Needy) -> Invoice:
    return record if isinstance(record, Invoice) else record.invoice


def _item_names(record: Needy, facts: CompanyFacts) -> list[str]:
    match record:
        case Invoice():
            return item_names(record, facts)
        case Refund():
            return [REFUND_ITEM]
        case _:
            return []
