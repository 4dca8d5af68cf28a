"""How many rows are where, as a sum of few numbers (models/tallies.py), whatever the length of the queue."""

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app import folding
from app.extensions import db
from app.quickbooks.models import RecordKind, Tally, TaskState


def counts(connection_id: int) -> dict[tuple[RecordKind, TaskState], int]:
    """The present number of rows by kind and state, exact; what has none may be absent."""
    rows = db.session.execute(
        select(Tally.kind, Tally.state, func.sum(Tally.rows))
        .where(Tally.connection_id == connection_id)
        .group_by(Tally.kind, Tally.state)
    )
    return {(kind, state): number for kind, state, number in rows.tuples()}


def changes(connection_id: InstrumentedAttribute[int] | int) -> ScalarSelect[int]:
    """For a query: a number that is another one after every commit that wrote a row of this connection."""
    total = select(func.coalesce(func.sum(Tally.changes), 0))
    return total.where(Tally.connection_id == connection_id).scalar_subquery()


def fold() -> None:
    """Replace what was written since the last time by sums. Commits."""
    by = (Tally.connection_id, Tally.kind, Tally.state)
    folding.fold(Tally, Tally.connection_id, by, (Tally.rows, Tally.changes))
