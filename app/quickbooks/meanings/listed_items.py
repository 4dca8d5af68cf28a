"""The items of QuickBooks by name, as far as its list of names was read (lane/known.py). Nobody is asked."""

from collections.abc import Collection

from sqlalchemy import func, select

from app.extensions import db
from app.quickbooks.mapping.values import name_key
from app.quickbooks.models import KnownRecord, RecordKind


def sold_by_key(connection_id: int, keys: Collection[str]) -> dict[str, bool]:
    """By name key, of those that the list has: may an invoice line name it? A category and an item may share a
    name.
    """
    known = KnownRecord
    rows = db.session.execute(
        select(known.key, func.bool_or(known.is_sold))
        .where(known.connection_id == connection_id, known.kind == RecordKind.ITEM, known.key.in_(keys))
        .group_by(known.key)
    )
    return dict(rows.tuples().all())


def names_with(connection_id: int, part: str, limit: int) -> dict[str, str]:
    """Names that an invoice line can have and that contain the part, by name key."""
    known = KnownRecord
    sold = (known.is_sold, known.name != "", known.key.contains(name_key(part), autoescape=True))
    rows = db.session.execute(
        select(known.key, known.name)
        .where(known.connection_id == connection_id, known.kind == RecordKind.ITEM, *sold)
        .order_by(known.key)
        .limit(limit)
    )
    return dict(rows.tuples().all())
