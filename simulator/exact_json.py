"""JSON whose numbers are Decimal both ways: an amount never passes through a float."""

from typing import Any

import simplejson


def dumps(value: Any, **options: Any) -> str:
    return simplejson.dumps(value, use_decimal=True, **options)


def loads(text: str | bytes) -> Any:
    """Raises ValueError for what is not JSON."""
    return simplejson.loads(text, use_decimal=True)
