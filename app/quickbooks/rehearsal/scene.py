"""Rows as if everything in a part of the backlog were due now, with all that it needs. The caller rolls back."""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import ColumnElement, and_, case, select, tuple_, update

from app.extensions import among, db, now
from app.invoices.models import Invoice
from app.quickbooks import outbox
from app.quickbooks.account import company
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.item import items_named
from app.quickbooks.kinds.needs import Key
from app.quickbooks.kinds.records import Shelf, links_of
from app.quickbooks.models import Connection, RecordKind, SyncTask, TaskState
from app.quickbooks.outbox import backlog, switches

WAITING = (TaskState.QUEUED, TaskState.BACKOFF, TaskState.ERROR)
DEPTH = 3  # a payment needs an invoice, which needs a customer


def whole_backlog(connection: Connection) -> list[Key]:
    """All that waits, and the invoices that are offered and were never sent; what others need comes first."""
    rows = db.session.execute(
        select(SyncTask.kind, SyncTask.record_id).where(
            SyncTask.connection_id == connection.id,
            SyncTask.state.in_(WAITING),
            switches.may_go(connection.id),
        )
    )
    keys: set[Key] = {(kind, record_id) for kind, record_id in rows}
    if connection.preferences.sync_invoices:
        dated = backlog.dated_to_be_sent(connection.preferences.send_from, connection.first_connected_at)
        offered = backlog.never_sent(connection).where(dated).with_only_columns(Invoice.id)
        keys |= {(RecordKind.INVOICE, record_id) for record_id in db.session.scalars(offered)}
    if switches.is_off(connection, RecordKind.CUSTOMER):
        keys |= _needed_customers(
            connection, [record_id for kind, record_id in keys if kind is RecordKind.INVOICE]
        )
    return sorted(keys, key=lambda key: (KINDS[key[0]].order, key))


def _needed_customers(connection: Connection, invoice_ids: list[int]) -> set[Key]:
    """Those that wait, and go with these invoices."""
    waiting = (
        select(SyncTask.record_id)
        .join(Invoice, Invoice.customer_id == SyncTask.record_id)
        .where(
            SyncTask.connection_id == connection.id,
            SyncTask.kind == RecordKind.CUSTOMER,
            SyncTask.state.in_(WAITING),
            among(Invoice.id, invoice_ids),
        )
    )
    return {(RecordKind.CUSTOMER, customer_id) for customer_id in db.session.scalars(waiting)}


def set_up(connection: Connection, keys: Collection[Key]) -> list[SyncTask]:
    """Their rows and those of what they need, all due: what stopped is tried again, as by a Retry. Customers among
    them go, whatever the switch says: an invoice of another part needs them.
    """
    connection.preferences.sync_customers = True
    known: set[Key] = set()
    new = set(keys)
    for _ in range(DEPTH):
        _make_due(connection, new)
        known |= new
        new = set(_needed(connection, rows(connection, new))) - known
        if not new:
            break
    return rows(connection, known)


def _make_due(connection: Connection, keys: Iterable[Key]) -> None:
    for kind, ids in _by_kind(keys):
        outbox.ensure_queued(connection.id, kind, ids)
    failed = SyncTask.state == TaskState.ERROR
    db.session.execute(
        update(SyncTask)
        .where(
            SyncTask.connection_id == connection.id,
            tuple_(SyncTask.kind, SyncTask.record_id).in_(list(keys)),
            SyncTask.state.in_(WAITING),
        )
        .values(
            state=TaskState.QUEUED,
            due_at=now(),
            waits_for_id=None,
            **{name: case((failed, ""), else_=getattr(SyncTask, name)) for name in ("problem", "message")},
        )
        .execution_options(synchronize_session=False)
    )


def _needed(connection: Connection, tasks: Collection[SyncTask]) -> Iterator[Key]:
    """What is not there yet and has to be first."""
    facts = company.facts_of(connection)
    shelf = Shelf.load(connection.id, tasks)
    asked = [KINDS[kind].needs(record, facts) for (kind, _), record in shelf.records.items()]
    needy = [needs for needs in asked if needs is not None]
    items = items_named(connection.id, {name for needs in needy for name in needs.item_names})
    wanted = {key for needs in needy for key in needs.keys(items)}
    for kind, ids in _by_kind(wanted):
        linked = links_of(connection.id, {kind: ids})
        yield from ((kind, id_) for id_ in ids if (kind, id_) not in linked)


def outcomes(connection: Connection, keys: Iterable[Key]) -> list[SyncTask]:
    """Their rows after all was planned, without those that wait for a switch (outbox/switches.py)."""
    waiting = select(SyncTask.id).where(_mine(connection, keys), switches.holds(connection.id))
    held = set(db.session.scalars(waiting))
    return [row for row in rows(connection, keys) if row.id not in held]


def rows(connection: Connection, keys: Iterable[Key]) -> list[SyncTask]:
    query = select(SyncTask).where(_mine(connection, keys))
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _mine(connection: Connection, keys: Iterable[Key]) -> ColumnElement[bool]:
    of_keys = tuple_(SyncTask.kind, SyncTask.record_id).in_(list(keys))
    return and_(SyncTask.connection_id == connection.id, of_keys)


def _by_kind(keys: Iterable[Key]) -> Iterator[tuple[RecordKind, list[int]]]:
    listed = set(keys)
    for kind in sorted({kind for kind, _ in listed}):
        yield kind, sorted(record_id for of, record_id in listed if of is kind)
