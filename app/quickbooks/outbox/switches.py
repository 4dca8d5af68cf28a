"""What the Owner switched off (Sync Preferences): its rows stay in the outbox and wait until it is switched on.

A customer is sent all the same when a row needs it that may go (domain, promise 4). Items have no switch: only what
needs one puts it into the outbox. What is on the wire already is finished, also by a repetition.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    SQLColumnExpression,
    TableValuedAlias,
    Text,
    all_,
    and_,
    any_,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from app.extensions import db
from app.quickbooks.models import Connection, Preferences, RecordKind, SyncTask, TaskState
from app.quickbooks.outbox.states import ASLEEP

_Waiting, _Needed = aliased(SyncTask), aliased(SyncTask)


def is_off(connection: Connection, kind: RecordKind) -> bool:
    return kind in connection.preferences.off_kinds


def is_needed(task: SyncTask) -> bool:
    """It goes although its kind is off."""
    found = select(SyncTask.id).where(SyncTask.id == task.id, goes_along(task.connection_id))
    return db.session.scalar(found) is not None


def may_go(connection_id: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition of a row that no switch holds; a column in place of an id is each connection's own."""
    return or_(is_on(connection_id), goes_along(connection_id))


def is_on(connection_id: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition of a row whose kind is not switched off."""
    return SyncTask.kind == any_(_on(connection_id))


def kinds_on(connection_id: int | SQLColumnExpression[int]) -> TableValuedAlias:
    """What is not switched off, one kind a row, to be asked for one by one. Of an Owner who never sends invoices
    thousands are held, and none of them is looked at.
    """
    return func.unnest(_on(connection_id)).table_valued("kind", name="kinds_on").render_derived()


def goes_along(connection_id: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition of a customer that goes whatever the switch says: a row needs it that may go."""
    needed = select(_Waiting.waits_for_id).where(
        _Waiting.connection_id == connection_id,
        _Waiting.waits_for_id.is_not(None),
        _Waiting.kind == any_(_on(connection_id)),
    )
    return and_(
        SyncTask.kind == RecordKind.CUSTOMER,
        SyncTask.id == any_(_array(needed.correlate_except(_Waiting, Preferences))),
    )


def follows(connection_id: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition of a row that waits for one that a switch holds."""
    held = exists().where(
        _Needed.connection_id == connection_id,
        _Needed.id == SyncTask.waits_for_id,
        _Needed.state.in_(ASLEEP),
        _Needed.kind != RecordKind.CUSTOMER,
        _Needed.kind == any_(_off(connection_id)),
    )
    return held.correlate_except(_Needed)


def holds(connection_id: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition of a row that waits for a switch, or for a row that does."""
    is_held = or_(not_(may_go(connection_id)), follows(connection_id))
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


def _on(connection_id: int | SQLColumnExpression[int]) -> ColumnElement[Any]:
    kind = func.unnest(literal(list(RecordKind), ARRAY(Text))).column_valued("kind")
    return _array(select(kind).where(kind != all_(_off(connection_id))))


def _off(connection_id: int | SQLColumnExpression[int]) -> ColumnElement[Sequence[str]]:
    kinds = select(Preferences.off_kinds).where(Preferences.connection_id == connection_id)
    return cast(kinds.correlate_except(Preferences).scalar_subquery(), ARRAY(Text))


def _array(query: Select[Any]) -> ColumnElement[Any]:
    return func.array(query.scalar_subquery())
