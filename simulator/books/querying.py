"""Answer a query from a company's tables (contract section 2.6)."""

import operator
import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from simulator.books.company import Company
from simulator.books.kind import Kind
from simulator.books.kinds import KINDS
from simulator.books.query_language import Condition, Query, parse
from simulator.books.table import Record
from simulator.clock import PACIFIC
from simulator.faults import Fault, fault

COMPARE = {"=": operator.eq, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}
NESTED_VALUES = {"PrimaryEmailAddr": "Address"}
NAMES = ("FullyQualifiedName", "DisplayName", "Name")  # recorded: in the order of the full name


def run(company: Company, statement: str) -> dict[str, Any]:
    """The QueryResponse. Raises 4000 and 4001."""
    query = parse(statement)
    kind = KINDS.get(query.entity)
    if kind is None:
        raise _invalid(f"invalid context declaration: {query.entity}")
    _check_fields(kind, query)
    rows = [row for row in _candidates(company, kind, query) if _matches(kind, query, row)]
    if query.counts:
        return {"totalCount": len(rows)}
    page = _sorted(kind, query, rows)[query.start - 1 : query.start - 1 + query.rows]
    if not page:
        return {}
    response = {kind.name: page, "startPosition": query.start, "maxResults": len(page)}
    return {**response, "totalCount": len(page)} if kind.is_transaction else response


def _check_fields(kind: Kind, query: Query) -> None:
    for condition in query.conditions:
        if not kind.can_filter(_canonical(condition.field)):
            raise _invalid(f"Property {condition.field} not found for Entity {kind.name}")
        if condition.field == "Id" and condition.operator not in ("=", "IN"):
            raise _invalid("property 'Id' only supports the operators = and IN")
    for name, _ in query.order:
        if not kind.can_filter(_canonical(name)):
            raise _invalid(f"Property {name} not found for Entity {kind.name}")


def _canonical(name: str) -> str:
    """Both spellings are in use: MetaData and Metadata."""
    return re.sub(r"^metadata\.", "MetaData.", name, flags=re.IGNORECASE)


def _candidates(company: Company, kind: Kind, query: Query) -> Iterable[Record]:
    """The whole table, or the few rows that an Id or a name leaves."""
    table = company.tables[kind.name]
    for condition in query.conditions:
        if condition.operator == "=" and condition.field == "Id":
            found = table.get(condition.values[0])
            return [found] if found else []
        if condition.operator == "=" and condition.field == kind.known_by:
            return table.known_as(condition.values[0])
    return table


def _matches(kind: Kind, query: Query, row: Record) -> bool:
    """Inactive entries of lists are hidden unless the query speaks of Active."""
    asks_for_active = any(condition.field == "Active" for condition in query.conditions)
    if kind.has_active and not asks_for_active and not row.get("Active", True):
        return False
    return all(_meets(row, condition) for condition in query.conditions)


def _meets(row: Record, condition: Condition) -> bool:
    value = _value(row, condition.field)
    if value is None:
        return False
    if condition.operator == "LIKE":
        pattern = ".*".join(re.escape(part) for part in condition.values[0].split("%"))
        return re.fullmatch(pattern, str(value), re.IGNORECASE | re.DOTALL) is not None
    wanted = [_like(value, text) for text in condition.values]
    if condition.operator == "IN":
        return _comparable(value) in wanted
    return COMPARE[condition.operator](_comparable(value), wanted[0])


def _value(row: Record, name: str) -> Any:
    if name.lower().startswith("metadata."):
        return datetime.fromisoformat(row["MetaData"][name.partition(".")[2]])
    value = row.get(name)
    if isinstance(value, dict):
        return value.get(NESTED_VALUES.get(name, "value"))
    return value


def _comparable(value: Any) -> Any:
    if isinstance(value, str):
        return value.casefold()
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _like(value: Any, text: str) -> Any:
    """The query's text as the type of the field. Raises 4001."""
    try:
        if isinstance(value, bool):
            return text.lower() == "true"
        if isinstance(value, datetime):
            return _moment(text)
        if isinstance(value, Decimal | int):
            return Decimal(text)
    except (InvalidOperation, ValueError):
        raise _invalid(f"value {text} cannot be compared") from None
    return text.casefold()


def _moment(text: str) -> datetime:
    """A time without an offset is Intuit's own."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)


def _sorted(kind: Kind, query: Query, rows: list[Record]) -> list[Record]:
    if not query.order and kind.is_transaction:
        return sorted(rows, key=lambda row: int(row["Id"]), reverse=True)
    if not query.order:
        return sorted(rows, key=_shown_name)
    for name, descending in reversed(query.order):
        rows = sorted(rows, key=lambda row, name=name: _sort_key(_value(row, name)), reverse=descending)
    return rows


def _shown_name(row: Record) -> tuple[str, int]:
    return next((row[name].casefold() for name in NAMES if name in row), ""), int(row["Id"])


def _sort_key(value: Any) -> tuple[bool, Any]:
    return value is not None, _comparable(value) if value is not None else 0


def _invalid(detail: str) -> Fault:
    return fault("4001", f"QueryValidationError: {detail}")
