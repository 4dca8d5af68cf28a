"""JSON whose numbers are Decimal both ways: an amount never passes through a float."""

from collections.abc import Iterable
from typing import Any

import simplejson

DEEPEST = 50
TOO_DEEP = f"nested more than {DEEPEST} deep"


def dumps(value: Any, **options: Any) -> str:
    return simplejson.dumps(value, use_decimal=True, **options)


def loads(text: str | bytes) -> Any:
    """Raises ValueError for what is not JSON, or is nested too deep to be handled."""
    try:
        value = simplejson.loads(text, use_decimal=True)
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    if _depth(value) > DEEPEST:
        raise ValueError(TOO_DEEP)
    return value


def _depth(value: Any) -> int:
    """How many lists and objects lie in each other."""
    depth, level = 0, [value]
    while level := [inner for outer in level for inner in _inner(outer)]:
        depth += 1
    return depth


def _inner(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
