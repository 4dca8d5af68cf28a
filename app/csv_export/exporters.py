"""What can be exported: each room says which rows the address of its list asks for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from app.accounts.models import Company
from app.web.csv_download import Cell

Args = MultiDict[str, str]


@dataclass(frozen=True)
class Exporter:
    """`name` is what is listed, and the file's name: "invoices". `count` is told for the progress."""

    name: str
    header: Callable[[], Sequence[str]]
    rows: Callable[[Company, Args], Iterator[Sequence[Cell]]]
    count: Callable[[Company, Args], int]


EXPORTERS: dict[str, Exporter] = {}


def register(exporter: Exporter) -> Exporter:
    EXPORTERS[exporter.name] = exporter
    return exporter
