"""A table as a CSV file that any spreadsheet opens: UTF-8, a header, plain numbers, nothing that is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from flask import Response

Cell = str | int | Decimal | None

BYTE_ORDER_MARK = "\ufeff"  # without it Excel does not read UTF-8
_FORMULA_STARTS = tuple(
    "=+-@\uff1d\uff0b\uff0d\uff20\t\r\n"
)  # in full width too, as some spreadsheets read them
_SKIPPED = " \u00a0\u3000\ufeff\u200b"  # by a spreadsheet, before it looks for a formula


def csv_download(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """`name` is the file's, without its ending."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_written(cell) for cell in row] for row in rows)
    headers = {"Content-Disposition": f"attachment; filename={name}.csv", "Cache-Control": "no-store"}
    return Response(BYTE_ORDER_MARK + text.getvalue(), mimetype="text/csv", headers=headers)


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Decimal():
            return f"{cell:f}"
        case str() if cell.lstrip(_SKIPPED).startswith(_FORMULA_STARTS):
            return f"'{cell}"  # a spreadsheet shows the text and does not calculate it
        case _:
            return str(cell)
