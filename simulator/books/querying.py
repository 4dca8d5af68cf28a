"""Answer a query from a company's tables (contract section 2.6)."""

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from simulator.books.company import Company
from simulator.books.conditions import Test, invalid, tests
from simulator.books.kind import ALWAYS_THERE, Kind
from simulator.books.kinds import KINDS_BY_PATH
from simulator.books.query_language import Query, parse
from simulator.books.search import candidates
from simulator.books.table import NAME, Record, Table
from simulator.books.values import comparable, shown_name, value_of


def run(company: Company, statement: str) -> dict[str, Any]:
    """The QueryResponse. Raises 4000 and 4001."""
    query = parse(statement)
    kind = KINDS_BY_PATH.get(query.entity.lower())
    if kind is None:
        raise invalid(f"invalid context declaration: {query.entity}")
    query.spell(kind.spelled)
    _check_fields(kind, query)
    found = _found(company.tables[kind.name], kind, query)
    if query.counts:
        return {"totalCount": sum(1 for _ in found)}
    page = list(islice(found, query.start - 1, query.start - 1 + query.rows))
    if not page:
        return {}
    rows = [_projected(row, query.fields) for row in page]
    response = {kind.name: rows, "startPosition": query.start, "maxResults": len(rows)}
    return {**response, "totalCount": len(rows)} if kind.is_transaction else response


def _check_fields(kind: Kind, query: Query) -> None:
    compared = [condition.field for condition in query.conditions]
    ordered = [name for name, _ in query.order]
    for name in (*compared, *ordered):
        if not kind.can_filter(name):
            raise invalid(f"Property {name} not found for Entity {kind.name}")
    for name in query.fields:
        if not kind.knows(name.partition(".")[0]):
            raise invalid(f"Property {name} not found for Entity {kind.name}")
    if any(one.field == "Id" and one.operator not in ("=", "IN") for one in query.conditions):
        raise invalid("property 'Id' only supports the operators = and IN")


def _found(table: Table, kind: Kind, query: Query) -> Iterator[Record]:
    """Matching rows in their order. Few candidates are sorted; many are read in an order that is kept."""
    conditions = tests(kind, query)
    few = candidates(table, query)
    if few is not None:
        return iter(_sorted(kind, query, [row for row in few if _meets(row, conditions)]))
    kept = _kept_order(table, kind, query)
    if kept is not None:
        return (row for row in kept if _meets(row, conditions)) if conditions else kept
    return iter(_sorted(kind, query, [row for row in table if _meets(row, conditions)]))


def _meets(row: Record, conditions: list[Test]) -> bool:
    return all(test(row) for test in conditions)


def _kept_order(table: Table, kind: Kind, query: Query) -> Iterator[Record] | None:
    """The whole table in the wanted order, where it is kept in that order."""
    if not query.order:
        return reversed(table) if kind.is_transaction else table.among(list(table.orders[NAME].all()))
    if len(query.order) > 1:
        return None
    field, descending = query.order[0]
    if field == "Id":
        return reversed(table) if descending else iter(table)
    if field not in table.orders or not kind.always_has(field):
        return None
    return table.among(list(table.orders[field].all(descending)))


def _sorted(kind: Kind, query: Query, rows: list[Record]) -> list[Record]:
    if not query.order and kind.is_transaction:
        return sorted(rows, key=lambda row: int(row["Id"]), reverse=True)
    if not query.order:
        return sorted(rows, key=_by_name)
    rows = sorted(rows, key=lambda row: int(row["Id"]))
    for name, descending in reversed(query.order):
        rows = sorted(rows, key=partial(_sort_key, name), reverse=descending)
    return rows


def _by_name(row: Record) -> tuple[str, int]:
    return shown_name(row), int(row["Id"])


def _sort_key(name: str, row: Record) -> tuple[bool, Any]:
    value = value_of(row, name)
    return value is not None, comparable(value) if value is not None else 0


def _projected(row: Record, fields: tuple[str, ...]) -> Record:
    """The fields that were asked for, and those that tell which version of the record it is."""
    if not fields:
        return row
    wanted = {*ALWAYS_THERE, *(name.partition(".")[0] for name in fields)}
    return {name: value for name, value in row.items() if name in wanted}
