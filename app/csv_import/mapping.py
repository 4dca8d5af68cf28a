"""Which column of a file is which of ours: proposed by known names, chosen by a person, remembered by a company."""

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.csv_import.columns import Column, letters, plain
from app.csv_import.decoding import readable
from app.csv_import.models import CsvMapping
from app.extensions import db, now

Chosen = Mapping[str, str]  # a column's name: the head of the file that stands for it
EXAMPLES = 3
LOOKED_AT = 200  # records in which examples are looked for


def is_ours(heads: Sequence[str], columns: Sequence[Column]) -> bool:
    """Whether the file needs no mapping: each head is a name of ours, once, and none is lacking."""
    names = [head.lower() for head in heads]
    known = {column.name for column in columns}
    has_all = not lacking({name: name for name in names}, columns)
    return has_all and set(names) <= known and len(names) == len(set(names))


def proposed(heads: Sequence[str], columns: Sequence[Column]) -> dict[str, str]:
    """The head that a column is known by, ours before other products'; a head stands for one column."""
    free = {letters(head): head for head in reversed(heads) if head}
    chosen: dict[str, str] = {}
    for column in columns:
        totals = () if chosen.get(column.times) else column.totals
        known = map(letters, (column.name, *column.heads, *totals))
        chosen[column.name] = next((free.pop(head) for head in known if head in free), "")
    return chosen


def lacking(chosen: Chosen, columns: Sequence[Column]) -> dict[str, str]:
    """A sentence for each column that an import needs and no head stands for."""
    labels = {column.name: column.label or column.name for column in columns}
    return {
        column.name: f"Choose a column for this, or one for “{labels[column.instead]}”."
        if column.instead
        else "Choose the column that holds this. Without it nothing can be imported."
        for column in columns
        if not column.optional and not chosen.get(column.name) and not chosen.get(column.instead)
    }


def examples(content: str) -> dict[str, list[str]]:
    """Up to three different values for each head, in the file's order of heads."""
    lines = readable(content)
    header = next(lines, [])
    found: dict[str, list[str]] = {head.strip(): [] for head in header if head.strip()}
    for _, cells in zip(range(LOOKED_AT), lines, strict=False):
        for head, cell in zip(header, cells, strict=False):
            values, value = found.get(head.strip(), []), plain(cell)
            if value and value not in values and len(values) < EXAMPLES:
                values.append(value)
    return found


def remembered(company_id: int, kind: str, heads: Sequence[str]) -> dict[str, str] | None:
    """What the company chose for a file with these heads, in whatever order they are."""
    query = select(CsvMapping.columns).filter_by(company_id=company_id, kind=kind, shape=_shape(heads))
    return db.session.scalar(query)


def remember(company_id: int, kind: str, heads: Sequence[str], chosen: Chosen) -> None:
    values = {"columns": dict(chosen), "chosen_at": now()}
    place = {"company_id": company_id, "kind": kind, "shape": _shape(heads)}
    statement = insert(CsvMapping).values(**place, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=list(place), set_=values))


def _shape(heads: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sorted(heads)).encode()).hexdigest()
