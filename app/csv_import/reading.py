"""Read an uploaded CSV file safely: every cell is checked by its column, every problem keeps its line."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 100_000
EMPTY = "This file is empty."

Parse = Callable[[str], Any]


class UnreadableFileError(ValueError):
    """The file cannot be read as CSV at all; the message is a sentence for the person who chose it."""


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


@dataclass(frozen=True)
class Problem:
    line: int
    column: str | None
    message: str


@dataclass(frozen=True)
class Row:
    """`cells` holds a parsed value by column name, without the cells that had a problem."""

    line: int
    cells: dict[str, Any]

    def problem(self, column: str, message: str) -> Problem:
        return Problem(self.line, column, message)


@dataclass
class Table:
    """When `problems` is empty, every row has every column. Nothing is asked, so no answer is wrong."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)

    def add_problems(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted([*self.problems, *problems], key=lambda problem: problem.line)


def text(limit: int, required: bool = False) -> Parse:
    """A parser for plain text of at most so many characters."""

    def parse(cell: str) -> str:
        if required and not cell:
            raise ValueError("This cell must not be empty.")
        if len(cell) > limit:
            raise ValueError(f"This is {len(cell)} characters long; {limit} fit.")
        return cell

    return parse


def decode(content: bytes) -> str:
    """UTF-8, with or without a byte order mark. Raises UnreadableFileError."""
    if len(content) > MAX_BYTES:
        raise UnreadableFileError("This file is too large. Files up to 10 MB can be imported.")
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFileError(
            f"Line {line} has characters that are not UTF-8. In Excel, save as “CSV UTF-8 (Comma delimited)”."
        ) from None
    if "\0" in decoded:
        line = decoded[: decoded.index("\0")].count("\n") + 1
        raise UnreadableFileError(f"Line {line} has a NUL byte; this does not look like a text file.")
    if _is_blank(decoded):
        raise UnreadableFileError(EMPTY)
    return decoded


def _is_blank(content: str) -> bool:
    """Whether no record has a cell: commas alone are as little as nothing."""
    try:
        return next(_lines(content), None) is None
    except _UnreadableLineError:
        return False


def heads_of(content: str) -> list[str]:
    """The first row that is not blank; none where there is none, or where it cannot be read."""
    return [head.strip() for head in next(readable(content), [])]


def readable(content: str) -> Iterator[list[str]]:
    """The cells of each record that is not blank, up to one that cannot be read, of which read_table tells."""
    with suppress(_UnreadableLineError):
        for _, cells in _lines(content):
            yield cells


def read_table(content: str, columns: Sequence[Column], chosen: Mapping[str, str] | None = None) -> Table:
    """All rows and all problems of decoded text; a wrong header or no rows at all is a problem too.

    `chosen` names the file's head for each column, where a person has said so. Without it the heads are ours.
    """
    table = Table()
    try:
        _fill(table, _lines(content), columns, chosen)
    except _UnreadableLineError as error:
        table.problems.append(error.problem)
    return table


class _UnreadableLineError(Exception):
    def __init__(self, line: int, reason: csv.Error) -> None:
        message = f"This line cannot be read; check its quotation marks ({reason})."
        self.problem = Problem(line, None, message)


def _lines(content: str) -> Iterator[tuple[int, list[str]]]:
    """First line and cells of each record that is not blank; a record in quotes may span lines."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise _UnreadableLineError(start, error) from error


def _fill(
    table: Table,
    lines: Iterator[tuple[int, list[str]]],
    columns: Sequence[Column],
    chosen: Mapping[str, str] | None,
) -> None:
    line, header = next(lines, (1, None))
    if header is None:
        table.problems.append(Problem(line, None, EMPTY))
        return
    heads = [head.strip() for head in header]
    if chosen is None:
        heads = [head.lower() for head in heads]
        table.problems += _header_problems(line, heads, columns)
        chosen = {column.name: column.name for column in columns}
    else:
        table.problems += _repeats(line, heads, chosen.values())
    if table.problems:
        return
    places = {name: heads.index(head) for name, head in chosen.items() if head and head in heads}
    parse = _Parser(columns)
    for line, cells in lines:
        if len(table.rows) == MAX_ROWS:
            table.problems.append(Problem(line, None, f"Only {MAX_ROWS:,} rows fit in one import."))
            return
        if len(cells) != len(heads):
            message = f"This row has {len(cells)} cells; the header has {len(heads)}."
            table.problems.append(Problem(line, None, message))
            continue
        parse.add_row(table, line, {name: cells[place] for name, place in places.items()})
    if not table.rows and not table.problems:
        table.problems.append(Problem(line, None, "There are no rows below the header."))


def _repeats(line: int, heads: list[str], used: Iterable[str]) -> list[Problem]:
    repeated = sorted({head for head in used if head and heads.count(head) > 1})
    return [Problem(line, None, f"The header repeats: {', '.join(repeated)}.")] if repeated else []


def _header_problems(line: int, names: list[str], columns: Sequence[Column]) -> list[Problem]:
    known = [column.name for column in columns]
    missing = [
        column.name
        for column in columns
        if not column.optional and column.name not in names and column.instead not in names
    ]
    unknown = [name or "(no name)" for name in names if name not in known]
    said = (("The header lacks", missing), ("The header has unknown columns", unknown))
    problems = [Problem(line, None, f"{words}: {', '.join(listed)}.") for words, listed in said if listed]
    return problems + _repeats(line, names, known)


def plain(cell: str) -> str:
    """Without spaces around it, and without the formula by which exports keep the zeros of ="0042"."""
    formula = re.fullmatch(r'="(.*)"', cell.strip(), re.DOTALL)
    return (formula[1] if formula else cell).strip()


class _Parser:
    """Parses equal cells of a column once: most values of a long file repeat, and so take memory once."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = [(column, dict[str, Any]()) for column in columns]

    def add_row(self, table: Table, line: int, cells: Mapping[str, str]) -> None:
        row = Row(line, {})
        for column, known in self._columns:
            cell = cells.get(column.name, column.absent)
            try:
                if cell not in known:
                    known[cell] = column.parse(plain(cell))
                row.cells[column.name] = known[cell]
            except ValueError as error:
                table.problems.append(row.problem(column.name, str(error)))
        table.rows.append(row)
