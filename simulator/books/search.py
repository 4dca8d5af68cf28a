"""The few records that an index leaves of a table, when a condition of a query has one."""

from collections.abc import Iterable
from decimal import Decimal

from simulator.books.conditions import wanted_key
from simulator.books.query_language import Condition, Query
from simulator.books.table import Record, Table

MONEY = {"Balance"}
MANY = 4  # an index that leaves more than one record in so many is of no use


def candidates(table: Table, query: Query) -> Iterable[Record] | None:
    """None when no index helps: then the whole table is read in its order."""
    found = [ids for condition in query.conditions if (ids := _ids(table, condition)) is not None]
    fewest = min(found, key=len, default=None)
    return None if fewest is None else table.among(fewest)


def _ids(table: Table, condition: Condition) -> list[str] | None:
    if condition.field == "Id":
        return [id_ for id_ in dict.fromkeys(condition.values) if table.get(id_)]
    if condition.operator in ("=", "IN") and condition.field in table.groups:
        group = table.groups[condition.field]
        return [id_ for value in dict.fromkeys(condition.values) for id_ in group.ids(value.casefold())]
    if condition.operator not in ("LIKE", "IN") and condition.field in table.orders:
        return _between(table, condition)
    return None


def _between(table: Table, condition: Condition) -> list[str] | None:
    order = table.orders[condition.field]
    example = Decimal(0) if condition.field in MONEY else ""
    places = order.span(condition.operator, wanted_key(condition, condition.values[0], example))
    return list(order.ids(places)) if len(places) * MANY <= len(table) else None
