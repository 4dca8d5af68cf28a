"""Read an uploaded CSV file safely: every cell is checked by its column, every problem keeps its line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.csv_import.columns import Column, plain
from app.csv_import.decoding import EMPTY, UnreadableLineError, records
from app.csv_import.rows import Cells, Problem, Row, Table

MAX_ROWS = 100_000


def read_table(content: str, columns: Sequence[Column], chosen: Mapping[str, str] | None = None) -> Table:
    """All rows and all problems of decoded text; a wrong header or no rows at all is a problem too.

    `chosen` names the file's head for each column, where a person has said so. Without it the heads are ours.
    """
    table = Table()
    try:
        _fill(table, records(content), columns, chosen)
    except UnreadableLineError as error:
        table.problems.append(error.problem)
    return table


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
        table.problems += _multiplied_totals(line, chosen, columns)
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


def _multiplied_totals(line: int, chosen: Mapping[str, str], columns: Sequence[Column]) -> Iterator[Problem]:
    labels = {column.name: column.label.lower() for column in columns}
    for column in columns:
        head = chosen.get(column.name, "")
        if chosen.get(column.times) and column.is_total(head):
            times = labels[column.times]
            message = (
                f"“{head}” is known as the total of a line, and it would be multiplied by the {times}. "
                f"Choose Nothing for the {times}, or another column for the {column.label.lower()}. "
                f"If it does hold the price of one, call it “{column.label}” in the file."
            )
            yield Problem(line, column.name, message)


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


class _Parser:
    """Parses equal cells of a column once: most values of a long file repeat, and so take memory once."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = [(column, dict[str, Any]()) for column in columns]
        self._places = {column.name: place for place, column in enumerate(columns)}

    def add_row(self, table: Table, line: int, cells: Mapping[str, str]) -> None:
        row = Row(line, Cells(self._places))
        for column, known in self._columns:
            cell = cells.get(column.name, column.absent)
            try:
                if cell not in known:
                    known[cell] = column.parse(plain(cell))
                row.cells[column.name] = known[cell]
            except ValueError as error:
                table.problems.append(row.problem(column.name, str(error)))
        table.rows.append(row)
