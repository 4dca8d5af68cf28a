"""A table as a CSV file that any spreadsheet opens: UTF-8, a header, plain numbers, nothing that is a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import TypeVar

from flask import Response, stream_with_context
from sqlalchemy import Select

from app.extensions import db

Record = TypeVar("Record")
Cell = str | int | Decimal | None

ROWS_A_PIECE = 500
BYTE_ORDER_MARK = "\ufeff"  # without it Excel does not read UTF-8
# Also in full width, as some spreadsheets read them.
_FORMULA_STARTS = tuple("=+-@\uff1d\uff0b\uff0d\uff20\t\r\n")
_SKIPPED = " \u00a0\u3000\ufeff\u200b"  # by a spreadsheet, before it looks for a formula
# Where lists are separated by semicolons, as in most of Europe, a spreadsheet splits our cells at theirs, and a
# quotation mark does not keep a line break then. After + and - words and amounts are left alone, such as a list's
# dashes: what calls something needs one of ( | !, and only a number at the cell's end can go on behind our comma.
_FORMULA_WITHIN = re.compile(
    rf"""([;\t\r\n][{_SKIPPED}"]*)(?=[=@\uff1d\uff20]|[+\-\uff0b\uff0d][^;\t\r\n]*(?:[(|!]|\d\Z))"""
)


def csv_download(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """`name` is the file's, without its ending."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    headers = {"Content-Disposition": f"attachment; filename={name}.csv", "Cache-Control": "no-store"}
    return Response(BYTE_ORDER_MARK + text.getvalue(), mimetype="text/csv", headers=headers)


def csv_stream(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The same for a table of any length: it leaves in pieces, while the rows are read."""
    headers = {"Content-Disposition": f"attachment; filename={name}.csv", "Cache-Control": "no-store"}
    return Response(stream_with_context(pieces(header, rows)), mimetype="text/csv", headers=headers)


def read_in_pieces(query: Select[Record]) -> Iterator[Sequence[Record]]:
    """The records of a long list, by a cursor of the database's own: they are not all in memory. Nothing may commit
    meanwhile.
    """
    yield from db.session.scalars(query.execution_options(yield_per=ROWS_A_PIECE)).partitions()


def pieces(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The text of the file, at most ROWS_A_PIECE rows at a time."""
    yield BYTE_ORDER_MARK
    for piece in _batched(chain((header,), rows)):
        text = io.StringIO()
        csv.writer(text).writerows([_written(cell) for cell in row] for row in piece)
        yield text.getvalue()


def _batched(rows: Iterable[Sequence[Cell]]) -> Iterator[list[Sequence[Cell]]]:
    remaining = iter(rows)
    while piece := list(islice(remaining, ROWS_A_PIECE)):
        yield piece


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            return f"{cell:f}"
        case str():
            return _as_text(cell)
        case _:
            return str(cell)


def _as_text(cell: str) -> str:
    """With an apostrophe before what a spreadsheet would calculate: it shows the text then."""
    start = "'" if cell.lstrip(_SKIPPED).startswith(_FORMULA_STARTS) else ""
    return start + _FORMULA_WITHIN.sub(r"\1'", cell)
