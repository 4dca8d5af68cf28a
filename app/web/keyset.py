"""Pages of a long list by position, not by OFFSET: the thousandth page costs as much as the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request
from sqlalchemy import Select, func, tuple_

from app.extensions import db
from app.web import request_limits
from app.web.query_links import query_link

PAGE_SIZE = 25

Record = TypeVar("Record")
Sort = Sequence[Any]  # columns and expressions over them


@dataclass(frozen=True)
class Page(Generic[Record]):
    """`before` and `after` are the ids that the links to the neighbouring pages name, or None."""

    records: list[Record]
    before: int | None = None
    after: int | None = None


def requested_page(
    query: Select[Record], sort: Sort, descending: bool = False, size: int = PAGE_SIZE
) -> Page[Record]:
    """The page that ?after=<id> or ?before=<id> asks for; the first one where that leads nowhere.

    `sort` ends with the id, so that no two records share a position; an index should begin with it.
    """
    if anchor := _position(query, sort, "before"):
        rows = _rows_beyond(query, sort, anchor, not descending, size)
        if len(rows) > size:
            rows = rows[:size][::-1]
            return Page(rows, before=_id(rows[0]), after=_id(rows[-1]))
    anchor = _position(query, sort, "after")
    rows = _rows_beyond(query, sort, anchor, descending, size)
    before = _id(rows[0]) if anchor and rows else None
    after = _id(rows[size - 1]) if len(rows) > size else None
    return Page(rows[:size], before, after)


def place_of(query: Select[Any], sort: Sort, descending: bool, record_id: int) -> int:
    """How many rows come before this one; 0 where it is gone by now."""
    anchor = db.session.execute(query.with_only_columns(*sort).where(sort[-1] == record_id)).first()
    if anchor is None:
        return 0
    here = tuple_(*sort)
    earlier = query.where(here > tuple(anchor) if descending else here < tuple(anchor))
    return db.session.execute(earlier.with_only_columns(func.count()).order_by(None)).scalar_one()


def page_link(**changes: Any) -> str:
    """The present address with other arguments (None takes one away); a template global."""
    arguments = {"before": None, "after": None, **(request.view_args or {}), **changes}
    return query_link(request.endpoint or "", **arguments)


def _position(query: Select[Any], sort: Sort, argument: str) -> tuple[Any, ...] | None:
    """Where the named record stands. Asked through the query, so that a foreign id leads nowhere."""
    record_id = request.args.get(argument, type=request_limits.record_id)
    if record_id is None:
        return None
    row = db.session.execute(query.with_only_columns(*sort).where(sort[-1] == record_id)).first()
    return tuple(row) if row else None


def _rows_beyond(
    query: Select[Record], sort: Sort, anchor: tuple[Any, ...] | None, descending: bool, size: int
) -> list[Record]:
    """One row more than a page, to know whether there is another page."""
    if anchor:
        here = tuple_(*sort)
        query = query.where(here < anchor if descending else here > anchor)
    order = (column.desc() if descending else column.asc() for column in sort)
    return list(db.session.scalars(query.order_by(*order).limit(size + 1)))


def _id(record: Any) -> int:
    return record.id
