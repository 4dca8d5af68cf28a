"""Read an uploaded CSV file safely: every cell is checked by its column, every problem keeps its line."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 100_000

Parse = Callable[[str], Any]


class UnreadableFileError(ValueError):
    """The file cannot be read as CSV at all; the message is a sentence for the person who chose it."""


@dataclass(frozen=True)
class Column:
    """`parse` takes a stripped cell and returns its value, or raises ValueError with a sentence."""

    name: str
    parse: Parse
    optional: bool = False  # may be missing from the header; its cells are then parsed from ""


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
    """When `problems` is empty, every row has every column."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

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
    if not decoded.strip():
        raise UnreadableFileError("This file is empty.")
    return decoded


def read_table(content: str, columns: Sequence[Column]) -> Table:
    """All rows and all problems of decoded text; a wrong header or no rows at all is a problem too."""
    table = Table()
    try:
        _fill(table, _lines(content), columns)
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


def _fill(table: Table, lines: Iterator[tuple[int, list[str]]], columns: Sequence[Column]) -> None:
    line, header = next(lines)
    names = [name.strip().lower() for name in header]
    table.problems += _header_problems(line, names, columns)
    if table.problems:
        return
    for line, cells in lines:
        if len(table.rows) == MAX_ROWS:
            table.problems.append(Problem(line, None, f"Only {MAX_ROWS:,} rows fit in one import."))
            return
        _add_row(table, line, names, cells, columns)
    if not table.rows and not table.problems:
        table.problems.append(Problem(line, None, "There are no rows below the header."))


def _header_problems(line: int, names: list[str], columns: Sequence[Column]) -> list[Problem]:
    known = [column.name for column in columns]
    missing = [column.name for column in columns if not column.optional and column.name not in names]
    unknown = [name or "(no name)" for name in names if name not in known]
    repeated = sorted({name for name in names if name in known and names.count(name) > 1})
    return [
        Problem(line, None, f"{words}: {', '.join(listed)}.")
        for words, listed in (
            ("The header lacks", missing),
            ("The header has unknown columns", unknown),
            ("The header repeats", repeated),
        )
        if listed
    ]


def _add_row(table: Table, line: int, names: list[str], cells: list[str], columns: Sequence[Column]) -> None:
    if len(cells) != len(names):
        message = f"This row has {len(cells)} cells; the header has {len(names)}."
        table.problems.append(Problem(line, None, message))
        return
    by_name = dict(zip(names, cells, strict=True))
    row = Row(line, {})
    for column in columns:
        try:
            row.cells[column.name] = column.parse(by_name.get(column.name, "").strip())
        except ValueError as error:
            table.problems.append(row.problem(column.name, str(error)))
    table.rows.append(row)
