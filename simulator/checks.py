"""What a control route may be given: each check returns the value to keep, or raises ValueError in plain words."""

import math
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

Check = Callable[[Any], Any]

LONGEST_TEXT = 1000


def checked(sent: Mapping[str, Any], checks: Mapping[str, Check], what: str) -> dict[str, Any]:
    """Everything that was sent, or ValueError for the first name or value that is wrong."""
    if unknown := sorted(set(sent) - set(checks)):
        raise ValueError(f"No such {what}: {', '.join(unknown)}")
    kept = {}
    for name, value in sent.items():
        try:
            kept[name] = checks[name](value)
        except ValueError as problem:
            raise ValueError(f"{name} {problem}") from None
    return kept


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def number(lowest: float, highest: float) -> Check:
    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise ValueError("must be a number")
        if not math.isfinite(value) or not lowest <= value <= highest:
            raise ValueError(f"must lie between {lowest:g} and {highest:g}")
        return float(value)

    return check


def whole(lowest: int, highest: int) -> Check:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise ValueError(f"must be a whole number between {lowest} and {highest}")
        return value

    return check


def choice(*values: str) -> Check:
    def check(value: Any) -> str:
        if value not in values:
            raise ValueError(f"must be one of {', '.join(values)}")
        return str(value)

    return check


def one_of(*values: int) -> Check:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value not in values:
            raise ValueError(f"must be one of {', '.join(map(str, values))}")
        return value

    return check


def text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        raise ValueError("must be a text")
    return value


def day(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError("must be a day, as 2026-12-31") from None


def reference(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not isinstance(value.get("value"), str):
        raise ValueError('must be a reference, as {"value": "1"}')
    return value


def optional(check: Check) -> Check:
    return lambda value: None if value is None else check(value)
