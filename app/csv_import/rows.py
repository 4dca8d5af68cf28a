"""What was read of a file: its rows, small because there may be 100,000, and what is wrong with them."""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_MISSING: Any = object()


@dataclass(frozen=True)
class Problem:
    line: int
    column: str | None
    message: str


class Cells(MutableMapping[str, Any]):
    """A row's values by column name; a third of a dict, because all rows share the names (`places`)."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: Mapping[str, int]) -> None:
        self._places = places
        self._values = [_MISSING] * len(places)

    def __getitem__(self, name: str) -> Any:
        value = self._values[self._places[name]]
        if value is _MISSING:
            raise KeyError(name)
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        self._values[self._places[name]] = value

    def __delitem__(self, name: str) -> None:
        self[name] = _MISSING

    def __iter__(self) -> Iterator[str]:
        return (name for name, place in self._places.items() if self._values[place] is not _MISSING)

    def __len__(self) -> int:
        return sum(value is not _MISSING for value in self._values)


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` holds a parsed value by column name, without the cells that had a problem."""

    line: int
    cells: MutableMapping[str, Any]

    def problem(self, column: str, message: str) -> Problem:
        return Problem(self.line, column, message)


@dataclass
class Table:
    """When `problems` is empty, every row has every column."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add_problems(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted([*self.problems, *problems], key=lambda problem: problem.line)
