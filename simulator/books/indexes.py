"""Indexes of a table: which records have a value, and which lie between two."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from typing import Any

Key = Callable[[dict[str, Any]], Any]  # None: the record is not in the index


class Groups:
    """Ids by value, in the order in which they came."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._ids: dict[Any, dict[str, None]] = {}

    def add(self, record: dict[str, Any]) -> None:
        if (key := self._key(record)) is not None:
            self._ids.setdefault(key, {})[record["Id"]] = None

    def remove(self, record: dict[str, Any]) -> None:
        if (key := self._key(record)) is not None:
            ids = self._ids[key]
            del ids[record["Id"]]
            if not ids:
                del self._ids[key]

    def ids(self, key: Any) -> list[str]:
        return list(self._ids.get(key, ()))


class Order:
    """Ids sorted by value, those of one value by Id."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._entries: list[tuple[Any, int]] = []

    def add(self, record: dict[str, Any]) -> None:
        if (key := self._key(record)) is not None:
            insort(self._entries, (key, int(record["Id"])))

    def remove(self, record: dict[str, Any]) -> None:
        if (key := self._key(record)) is not None:
            del self._entries[bisect_left(self._entries, (key, int(record["Id"])))]

    def span(self, operator: str, key: Any) -> range:
        """Where the values stand that compare so with the key."""
        first = bisect_left(self._entries, key, key=_value)
        last = bisect_right(self._entries, key, key=_value)
        return {
            "=": range(first, last),
            "<": range(first),
            "<=": range(last),
            ">": range(last, len(self._entries)),
            ">=": range(first, len(self._entries)),
        }[operator]

    def ids(self, places: range) -> Iterator[str]:
        return (str(id_) for _, id_ in self._entries[places.start : places.stop])

    def all(self, descending: bool = False) -> Iterator[str]:
        entries = reversed(self._entries) if descending else iter(self._entries)
        return (str(id_) for _, id_ in entries)


def _value(entry: tuple[Any, int]) -> Any:
    return entry[0]
