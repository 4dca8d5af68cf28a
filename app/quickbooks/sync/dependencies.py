"""What an invoice needs in QuickBooks before it can go: its customer and the items on its lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.invoice import InvoiceRefs, item_names
from app.quickbooks.mapping.values import name_key
from app.quickbooks.models import Item, RecordKind, SyncTask
from app.quickbooks.sync import outbox
from app.quickbooks.sync.records import links_of


@dataclass(frozen=True)
class Missing:
    """The outbox row that has to succeed first."""

    task: SyncTask


class Dependencies:
    """Answers for a set of invoices at once; rows for what is missing are put into the outbox."""

    def __init__(self, connection_id: int, invoices: Iterable[Invoice], facts: CompanyFacts) -> None:
        invoices = list(invoices)
        self._names = {invoice.id: item_names(invoice, facts) for invoice in invoices}
        self._items = _items(connection_id, {name for names in self._names.values() for name in names})
        customers = {invoice.customer_id for invoice in invoices}
        items = {item.id for item in self._items.values()}
        self._links = links_of(connection_id, RecordKind.CUSTOMER, customers)
        self._links |= links_of(connection_id, RecordKind.ITEM, items)
        self._tasks = self._missing_tasks(connection_id, customers, items)

    def of(self, invoice: Invoice) -> InvoiceRefs | Missing:
        needed = [(RecordKind.CUSTOMER, invoice.customer_id)]
        keys = {name_key(name) for name in self._names[invoice.id]}
        needed += [(RecordKind.ITEM, self._items[key].id) for key in sorted(keys)]
        for key in needed:
            if key not in self._links:
                return Missing(self._tasks[key])
        return InvoiceRefs(
            customer_id=self._links[needed[0]].remote_id,
            item_ids={key: self._links[RecordKind.ITEM, self._items[key].id].remote_id for key in keys},
        )

    def _missing_tasks(
        self, connection_id: int, customers: set[int], items: set[int]
    ) -> dict[tuple[RecordKind, int], SyncTask]:
        tasks = {}
        for kind, ids in ((RecordKind.CUSTOMER, customers), (RecordKind.ITEM, items)):
            lacking = {record_id for record_id in ids if (kind, record_id) not in self._links}
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


def _items(connection_id: int, names: set[str]) -> dict[str, Item]:
    """Our item rows by name key, made where a name is new."""
    by_key = {name_key(name): name for name in sorted(names)}
    if by_key:
        rows = [
            {"connection_id": connection_id, "name_key": key, "name": name} for key, name in by_key.items()
        ]
        db.session.execute(insert(Item).values(rows).on_conflict_do_nothing())
    found = db.session.scalars(
        select(Item).where(Item.connection_id == connection_id, Item.name_key.in_(by_key))
    )
    return {item.name_key: item for item in found}
