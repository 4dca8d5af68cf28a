"""What the Owner switched off (Sync Preferences): its rows stay in the outbox and wait until it is switched on.

A customer is sent all the same when a row needs it that may go (domain, promise 4). Items have no switch: only what
needs one puts it into the outbox.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from app.extensions import db
from app.quickbooks.models import Connection, Preferences, RecordKind, SyncTask
from app.quickbooks.outbox.states import ASLEEP

SWITCHES = {
    RecordKind.CUSTOMER: "sync_customers",
    RecordKind.INVOICE: "sync_invoices",
    RecordKind.PAYMENT: "sync_payments",
    RecordKind.REFUND: "sync_payments",
}


def is_off(preferences: Preferences, kind: RecordKind) -> bool:
    return kind in SWITCHES and not getattr(preferences, SWITCHES[kind])


def may_go(connection_id: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition of a row that no switch holds; a column in place of an id is each connection's own."""
    waiting = aliased(SyncTask)
    is_needed = exists().where(
        waiting.waits_for_id == SyncTask.id,
        waiting.kind != RecordKind.CUSTOMER,
        _is_on(connection_id, waiting.kind),
    )
    needed = and_(SyncTask.kind == RecordKind.CUSTOMER, is_needed.correlate_except(waiting))
    return or_(_is_on(connection_id, SyncTask.kind), needed)


def holds(connection_id: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition of a row that waits for a switch, or for an invoice that does."""
    invoice = aliased(SyncTask)
    follows = exists().where(
        invoice.id == SyncTask.waits_for_id,
        invoice.kind == RecordKind.INVOICE,
        invoice.state.in_(ASLEEP),
        not_(_is_on(connection_id, invoice.kind)),
    )
    is_held = or_(not_(may_go(connection_id)), follows.correlate_except(invoice))
    return and_(SyncTask.state.in_(ASLEEP), is_held)


def held(connection: Connection) -> dict[Any, int]:
    """How many rows wait for a switch, by state."""
    if not any(is_off(connection.preferences, kind) for kind in SWITCHES):
        return {}
    rows = db.session.execute(
        select(SyncTask.state, func.count())
        .where(SyncTask.connection_id == connection.id, holds(connection.id))
        .group_by(SyncTask.state)
    )
    return dict(rows.tuples().all())


def _is_on(
    connection_id: int | SQLColumnExpression[int], kind: SQLColumnExpression[RecordKind]
) -> ColumnElement[bool]:
    def chosen(switch: str) -> ColumnElement[bool]:
        column = select(getattr(Preferences, switch)).where(Preferences.connection_id == connection_id)
        return column.correlate_except(Preferences).scalar_subquery()

    return case(
        *((kind == key, chosen(switch)) for key, switch in SWITCHES.items()),
        else_=true(),
    )
