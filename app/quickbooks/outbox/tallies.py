"""How many rows are where, as a sum of few numbers (models/tallies.py), whatever the length of the queue."""

from sqlalchemy import ScalarSelect, delete, func, insert, literal, select
from sqlalchemy.orm import InstrumentedAttribute

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
    """Replace what was written since the last time by sums. Commits.

    One statement: a reader sees the numbers before it or after it, and both are the same in sum.
    """
    grown = select(Tally.connection_id).where(~Tally.is_folded).distinct()
    gone = (
        delete(Tally)
        .where(Tally.connection_id.in_(grown))
        .returning(Tally.connection_id, Tally.kind, Tally.state, Tally.rows, Tally.changes)
        .cte("gone")
    )
    by = (gone.c.connection_id, gone.c.kind, gone.c.state)
    sums = select(*by, func.sum(gone.c.rows), func.sum(gone.c.changes), literal(True)).group_by(*by)
    names = ["connection_id", "kind", "state", "rows", "changes", "is_folded"]
    db.session.execute(insert(Tally).from_select(names, sums).execution_options(synchronize_session=False))
    db.session.commit()
