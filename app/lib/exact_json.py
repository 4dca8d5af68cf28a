"""JSON whose numbers stay Decimal both ways: amounts must never pass through a float."""

from typing import Any

import simplejson


def dumps(value: Any) -> str:
    return simplejson.dumps(value, use_decimal=True)


def loads(text: str | bytes) -> Any:
    """Raises ValueError for what is not JSON."""
    return simplejson.loads(text, use_decimal=True)
