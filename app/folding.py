"""Tallies: differences that triggers insert, whose sum is the present number; folding keeps them few."""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.extensions import Base, db

Column = InstrumentedAttribute


def fold(model: type[Base], owner: Column[int], by: Sequence[Column], sums: Sequence[Column]) -> None:
    """Replace what was inserted since the last time by one row for each value of `by` that is not nothing. Commits.

    `model` has a column `is_folded`; only an `owner` that has grown is folded. One statement: a reader sees the
    numbers before it or after it, and both are the same in sum. What an uncommitted transaction has inserted stays.
    """
    is_folded: Column[bool] = model.is_folded  # type: ignore[attr-defined]
    grown = select(owner).where(~is_folded).distinct()
    gone = delete(model).where(owner.in_(grown)).returning(*by, *sums).cte("gone")
    keys = [gone.c[column.key] for column in by]
    totals = [func.sum(gone.c[column.key]) for column in sums]
    is_something = or_(*(total != 0 for total in totals))
    folded = select(*keys, *totals, literal(True)).group_by(*keys).having(is_something)
    names = [column.key for column in (*by, *sums, is_folded)]
    db.session.execute(insert(model).from_select(names, folded).execution_options(synchronize_session=False))
    db.session.commit()
