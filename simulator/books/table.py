"""One list of a company: records by Id, and by the name or number they are known by."""

from collections.abc import Iterator
from typing import Any

Record = dict[str, Any]  # as on the wire; never changed in place, only replaced


class Table:
    def __init__(self, known_by: str | None) -> None:
        self._known_by = known_by
        self._rows: dict[str, Record] = {}
        self._ids: dict[str, dict[str, None]] = {}  # an ordered set

    def __iter__(self) -> Iterator[Record]:
        return iter(list(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, id_: str) -> Record | None:
        return self._rows.get(id_)

    def known_as(self, name: str) -> list[Record]:
        """Records of that name or number, in any case of letters."""
        return [self._rows[id_] for id_ in self._ids.get(name.casefold(), ())]

    def put(self, record: Record) -> None:
        self._forget(record["Id"])
        self._rows[record["Id"]] = record
        if key := self._key(record):
            self._ids.setdefault(key, {})[record["Id"]] = None

    def remove(self, id_: str) -> None:
        self._forget(id_)
        self._rows.pop(id_, None)

    def _forget(self, id_: str) -> None:
        before = self._rows.get(id_)
        key = before and self._key(before)
        if key:
            self._ids[key].pop(id_, None)

    def _key(self, record: Record) -> str | None:
        value = record.get(self._known_by) if self._known_by else None
        return value.casefold() if value else None
