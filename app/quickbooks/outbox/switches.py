"""What the Owner switched off (Sync Preferences): its rows stay in the outbox and wait until it is switched on.

A customer is sent all the same when a row needs it that may go (domain, promise 4). Items have no switch: only what
needs one puts it into the outbox.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    SQLColumnExpression,
    Text,
    all_,
    and_,
    any_,
    cast,
    exists,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from app.extensions import db
from app.quickbooks.models import Connection, Preferences, RecordKind, SyncTask, TaskState
from app.quickbooks.outbox.states import ASLEEP


def is_off(connection: Connection, kind: RecordKind) -> bool:
    return kind in connection.preferences.off_kinds


def may_go(connection_id: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition of a row that no switch holds; a column in place of an id is each connection's own."""
    waiting, off = aliased(SyncTask), _off(connection_id)
    is_needed = exists().where(waiting.waits_for_id == SyncTask.id, waiting.kind != all_(off))
    return or_(
        SyncTask.kind != all_(off),
        and_(SyncTask.kind == RecordKind.CUSTOMER, is_needed.correlate_except(waiting)),
    )


def holds(connection_id: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition of a row that waits for a switch, or for a row that does."""
    needed = aliased(SyncTask)
    follows = exists().where(
        needed.id == SyncTask.waits_for_id,
        needed.state.in_(ASLEEP),
        needed.kind != RecordKind.CUSTOMER,
        needed.kind == any_(_off(connection_id)),
    )
    is_held = or_(not_(may_go(connection_id)), follows.correlate_except(needed))
    return and_(SyncTask.state.in_(ASLEEP), is_held)


def held(connection: Connection, rows: Mapping[tuple[RecordKind, TaskState], int]) -> dict[TaskState, int]:
    """How many rows wait for a switch, by state; `rows` says how many there are (tallies.counts)."""
    if not any(
        rows.get((RecordKind(kind), state)) for kind in connection.preferences.off_kinds for state in ASLEEP
    ):
        return {}
    found = db.session.execute(
        select(SyncTask.state, func.count())
        .where(SyncTask.connection_id == connection.id, holds(connection.id))
        .group_by(SyncTask.state)
    )
    return dict(found.tuples().all())


def _off(connection_id: int | SQLColumnExpression[int]) -> ColumnElement[Sequence[str]]:
    kinds = select(Preferences.off_kinds).where(Preferences.connection_id == connection_id)
    return cast(kinds.correlate_except(Preferences).scalar_subquery(), ARRAY(Text))
