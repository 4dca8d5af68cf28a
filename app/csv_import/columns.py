"""The columns of a file that can be imported, and how a cell of one is read."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Parse = Callable[[str], Any]


@dataclass(frozen=True)
class Column:
    """`parse` takes a stripped cell and returns its value, or raises ValueError with a sentence."""

    name: str
    parse: Parse
    optional: bool = False  # may be missing from the file
    absent: str = ""  # what its cells are parsed from then
    label: str = ""  # in words, where a person says which column of a file it is
    heads: tuple[str, ...] = ()  # what other products call it
    instead: str = ""  # the column that may stand in its place
    # Heads of what it comes to, multiplied by the column `times`. Only where that has no head, they stand for it.
    totals: tuple[str, ...] = ()
    times: str = ""

    def is_total(self, head: str) -> bool:
        return letters(head) in map(letters, self.totals)


def text(limit: int, required: bool = False) -> Parse:
    """A parser for plain text of at most so many characters."""

    def parse(cell: str) -> str:
        if required and not cell:
            raise ValueError("This cell must not be empty.")
        if len(cell) > limit:
            raise ValueError(f"This is {len(cell)} characters long; {limit} fit.")
        return cell

    return parse


def plain(cell: str) -> str:
    """Without spaces around it, and without the formula by which exports keep the zeros of ="0042". Its lines end
    as a form's field ends them.
    """
    formula = re.fullmatch(r'="(.*)"', cell.strip(), re.DOTALL)
    return (formula[1] if formula else cell).strip().replace("\r\n", "\n").replace("\r", "\n")


def letters(head: str) -> str:
    """A head without what exports write differently: case, spaces, marks for what is required."""
    return re.sub(r"[^a-z0-9]", "", head.casefold())
