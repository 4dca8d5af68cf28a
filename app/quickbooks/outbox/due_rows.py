"""What is due: rows that may go now, how many, and putting them off; batches that may be looked up."""

from datetime import datetime
from functools import lru_cache

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    SQLColumnExpression,
    Text,
    bindparam,
    func,
    literal,
    or_,
    select,
    true,
    update,
)

from app.extensions import among, db, now
from app.quickbooks.models import BatchState, PushBatch, SyncTask
from app.quickbooks.outbox import switches
from app.quickbooks.outbox.states import ASLEEP


@lru_cache(maxsize=64)
def due(connection_id: int) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a row that may be sent now.

    A slice asks them eight times and more, and to build them takes longer than to run them.
    """
    return *_ready(connection_id), switches.may_go(connection_id)


def first_due(connection_id: SQLColumnExpression[int]) -> ColumnElement[datetime | None]:
    """Since when the first row that may go has been due; null where none is. For who asks it of all connections:
    an index in order answers for each state and kind. Asked whether there is any, PostgreSQL may read the whole
    table, because it expects to meet one soon.
    """
    listed = func.unnest(literal(list(ASLEEP), ARRAY(Text)))
    states = listed.table_valued("state", name="states").render_derived()
    kinds = switches.kinds_on(connection_id)
    ready = _ready(connection_id)
    first = select(SyncTask.due_at).where(
        *ready, SyncTask.state == states.c.state, SyncTask.kind == kinds.c.kind
    )
    in_order = first.order_by(SyncTask.due_at).limit(1).correlate_except(SyncTask).scalar_subquery()
    along = select(func.min(SyncTask.due_at)).where(*ready, switches.goes_along(connection_id))
    return func.least(
        select(func.min(in_order)).select_from(kinds.join(states, true())).scalar_subquery(),
        along.scalar_subquery(),
    )


def anything_due(connection_id: int) -> bool:
    """Of what nobody else holds: whoever holds a row wakes a worker when it commits."""
    free = select(SyncTask.id).where(*due(connection_id)).limit(1).with_for_update(skip_locked=True)
    return db.session.scalar(free) is not None


def count_due(connection_id: int, most: int) -> int:
    """Counts no further than `most`."""
    rows = select(SyncTask.id).where(*due(connection_id)).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(rows)) or 0


def to_check(connection_id: int | SQLColumnExpression[int]) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a batch that nobody has settled and that may be looked up now: the lane that wrote it is
    gone, or its answer was lost. A column in place of an id joins to each connection.
    """
    return (
        PushBatch.connection_id == connection_id,
        PushBatch.state == BatchState.WRITTEN,
        or_(PushBatch.check_at.is_(None), PushBatch.check_at <= now()),
    )


def put_off(connection_id: int, until: datetime, *which: ColumnElement[bool]) -> None:
    """Nothing can be done for these due rows before then. What somebody else holds is left to them. The caller
    commits.
    """
    rows = select(SyncTask.id).where(*due(connection_id), *which).with_for_update(skip_locked=True)
    db.session.execute(
        update(SyncTask)
        .where(among(SyncTask.id, db.session.scalars(rows).all()))
        .values(due_at=until)
        .execution_options(synchronize_session=False)
    )


def _ready(connection_id: int | SQLColumnExpression[int]) -> tuple[ColumnElement[bool], ...]:
    """The clock is asked when the statement runs, not when it is built."""
    at = bindparam("at", callable_=now, type_=SyncTask.due_at.type, unique=True)
    return (
        SyncTask.connection_id == connection_id,
        SyncTask.state.in_(ASLEEP),
        SyncTask.due_at <= at,
        SyncTask.waits_for_id.is_(None),
    )
