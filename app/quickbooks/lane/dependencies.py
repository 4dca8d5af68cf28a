"""What a record needs in QuickBooks before it can go (Kind.needs), and whether it is there."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.kinds import KINDS, Record
from app.quickbooks.kinds.applied import leaving
from app.quickbooks.kinds.item import items_named
from app.quickbooks.kinds.needs import Key, Needs
from app.quickbooks.kinds.records import links_of
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.models import SYNCABLE, Connection, RecordKind, SyncTask
from app.quickbooks.outbox import answers, switches
from app.quickbooks.outbox.states import ASLEEP, ON_THE_WIRE


@dataclass(frozen=True)
class Missing:
    """The outbox row that has to succeed first."""

    task: SyncTask


class Dependencies:
    """Answers for a set of records at once; rows for missing customers and items are put into the outbox."""

    def __init__(self, connection: Connection, records: Mapping[Key, Record], facts: CompanyFacts) -> None:
        self._connection = connection
        asked = {key: KINDS[key[0]].needs(record, facts) for key, record in records.items()}
        self._needs = {key: needs for key, needs in asked.items() if needs is not None}
        needy = self._needs.values()
        self._items = items_named(connection.id, {name for needs in needy for name in needs.item_names})
        wanted: dict[RecordKind, set[int]] = defaultdict(set)
        for kind, record_id in (key for needs in needy for key in needs.keys(self._items)):
            wanted[kind].add(record_id)
        self._links = links_of(connection.id, wanted)
        self._tasks = self._missing_tasks(connection.id, wanted)
        to_be_free = {needs.free_invoice_id for needs in needy if needs.free_invoice_id}
        self._leaving = leaving(connection, to_be_free)

    def of(self, task: SyncTask) -> Refs | Missing | None:
        """None when the record names no others. Raises CannotMap when what is missing will not come by itself."""
        needs = self._needs.get((task.kind, task.record_id))
        if needs is None:
            return None
        if needs.free_invoice_id and (payment := self._leaving.get(needs.free_invoice_id)):
            return Missing(payment)
        for key in needs.keys(self._items):
            if key not in self._links:
                return self._missing(key, needs)
        if needs.pays and (invoice := self._moving(needs)):
            return Missing(invoice)
        return needs.refs(self._links, self._items)

    def _moving(self, needs: Needs) -> SyncTask | None:
        """The row of an invoice that is about to be given to another customer in QuickBooks."""
        if needs.invoice is None or switches.is_off(self._connection, RecordKind.INVOICE):
            return None
        memory = self._links[RecordKind.INVOICE, needs.invoice.id].memory
        ours = self._links[RecordKind.CUSTOMER, needs.customer_id].remote_id
        there, sent = (record.get("CustomerRef", {}).get("value") for record in (memory.seen, memory.sent))
        if there in (None, ours):
            return None
        row = outbox.task_for(self._connection.id, RecordKind.INVOICE, needs.invoice.id)
        is_coming = row is not None and row.state in (*ASLEEP, *ON_THE_WIRE)
        return row if row and is_coming and (sent != ours or answers.writes_all(row)) else None

    def _missing(self, key: Key, needs: Needs) -> Missing:
        """Invoices are queued by their own rules, so what belongs to one that is not waits for a person."""
        invoice = None if KINDS[key[0]].is_queued_by_need else needs.invoice
        if invoice and (key not in self._tasks or invoice.status not in SYNCABLE):
            raise CannotMap("invoice_not_there", invoice=f"Invoice {invoice.number}")
        return Missing(self._tasks[key])

    def _missing_tasks(
        self, connection_id: int, wanted: Mapping[RecordKind, set[int]]
    ) -> dict[Key, SyncTask]:
        tasks = {}
        for kind in sorted(wanted):
            lacking = {record_id for record_id in wanted[kind] if (kind, record_id) not in self._links}
            if not lacking:
                continue
            if KINDS[kind].is_queued_by_need:
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
