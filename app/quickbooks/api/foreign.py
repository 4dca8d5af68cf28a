"""Text that Intuit sent. PostgreSQL keeps no NUL and no half of a surrogate pair: both go where text comes in."""

import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")  # how JSON writes one of them


def storable(text: str, limit: int | None = None) -> str:
    """Without what cannot be stored, and cut to `limit` characters."""
    return _UNSTORABLE.sub("", text)[:limit]


def storable_json(data: Any, source: bytes) -> Any:
    """The value that was read from `source`, every text in it storable."""
    return _cleaned(data) if _ESCAPED.search(source) else data


def _cleaned(data: Any) -> Any:
    match data:
        case str():
            return storable(data)
        case dict():
            return {storable(key): _cleaned(value) for key, value in data.items()}
        case list():
            return [_cleaned(value) for value in data]
        case _:
            return data
