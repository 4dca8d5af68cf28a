"""One list of a company: records by Id, and indexed by what connectors look for."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from simulator.books.indexes import Groups, Order
from simulator.books.values import key_of, shown_name

Record = dict[str, Any]  # as on the wire; never changed in place, only replaced

NAME = "shown name"
TIMES = ("MetaData.CreateTime", "MetaData.LastUpdatedTime")


class Table:
    """Records in the order of their Ids. An index that a field does not have is looked for in vain: None."""

    def __init__(
        self, known_by: str | None, grouped: Iterable[str] = (), ordered: Iterable[str] = ()
    ) -> None:
        self._known_by = known_by
        self._rows: dict[str, Record] = {}
        fields = {*grouped, *([known_by] if known_by else [])}
        self.groups = {field: Groups(partial(key_of, field=field)) for field in fields}
        self.orders = {field: Order(partial(key_of, field=field)) for field in (*TIMES, *ordered)}
        self.orders[NAME] = Order(shown_name)
        self.changed: set[str] = set()  # Ids put or removed since somebody saved them

    def __iter__(self) -> Iterator[Record]:
        return iter(list(self._rows.values()))

    def __reversed__(self) -> Iterator[Record]:
        return reversed(list(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, id_: str) -> Record:
        return self._rows[id_]

    def get(self, id_: str) -> Record | None:
        return self._rows.get(id_)

    def among(self, ids: Iterable[str]) -> Iterator[Record]:
        return (self._rows[id_] for id_ in ids)

    def known_as(self, name: str) -> list[Record]:
        """Records of that name or number, in any case of letters."""
        return self.having(self._known_by, name) if self._known_by else []

    def having(self, field: str, value: str) -> list[Record]:
        """Records whose grouped field has that value. Raises KeyError for a field that is not grouped."""
        return list(self.among(self.groups[field].ids(value.casefold())))

    def put(self, record: Record) -> None:
        self._unindex(record["Id"])
        self._rows[record["Id"]] = record
        for index in self._indexes():
            index.add(record)
        self.changed.add(record["Id"])

    def remove(self, id_: str) -> None:
        self._unindex(id_)
        self._rows.pop(id_, None)
        self.changed.add(id_)

    def _unindex(self, id_: str) -> None:
        if before := self._rows.get(id_):
            for index in self._indexes():
                index.remove(before)

    def _indexes(self) -> Iterator[Groups | Order]:
        yield from self.groups.values()
        yield from self.orders.values()
