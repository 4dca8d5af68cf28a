"""What a query's conditions ask of a record."""

import operator
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from simulator.books.kind import Kind
from simulator.books.query_language import Condition, Query
from simulator.books.table import Record
from simulator.books.values import METADATA, comparable, value_of
from simulator.clock import PACIFIC
from simulator.faults import Fault, fault

Test = Callable[[Record], bool]

COMPARE = {"=": operator.eq, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}


def tests(kind: Kind, query: Query) -> list[Test]:
    """One for each condition. Inactive entries of lists are hidden unless the query speaks of Active."""
    asked = [_test(condition) for condition in query.conditions]
    if kind.has_active and all(condition.field != "Active" for condition in query.conditions):
        asked.append(_is_active)
    return asked


def wanted_key(condition: Condition, text: str, example: Any = "") -> Any:
    """The condition's text as what the field is compared by. Raises 4001.

    `example` is a value of the field; a field of MetaData is a time without one.
    """
    try:
        if isinstance(example, datetime) or condition.field.startswith(METADATA):
            return _moment(text)
        if isinstance(example, bool):
            return text.lower() == "true"
        if isinstance(example, Decimal | int):
            return Decimal(text)
    except (InvalidOperation, ValueError):
        raise invalid(f"value {text} cannot be compared") from None
    return text.casefold()


def invalid(detail: str) -> Fault:
    return fault("4001", f"QueryValidationError: {detail}")


def _is_active(row: Record) -> bool:
    return row.get("Active", True)


def _test(condition: Condition) -> Test:
    if condition.operator == "LIKE":
        return _likeness(condition)

    def test(row: Record) -> bool:
        value = value_of(row, condition.field)
        if value is None:
            return False
        wanted = [wanted_key(condition, text, value) for text in condition.values]
        if condition.operator == "IN":
            return comparable(value) in wanted
        return COMPARE[condition.operator](comparable(value), wanted[0])

    return test


def _likeness(condition: Condition) -> Test:
    parts = (re.escape(part) for part in condition.values[0].split("%"))
    pattern = re.compile(".*".join(parts), re.IGNORECASE | re.DOTALL)

    def test(row: Record) -> bool:
        value = value_of(row, condition.field)
        return value is not None and pattern.fullmatch(str(value)) is not None

    return test


def _moment(text: str) -> datetime:
    """A time without an offset is Intuit's own."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)
