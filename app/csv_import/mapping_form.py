"""The page on which a person says which column of a file is which of ours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.csv_import import mapping
from app.csv_import.columns import Column


@dataclass(frozen=True)
class MappingRow:
    """A column of ours, the head that stands for it, values from under that head, and what to say without one."""

    column: Column
    head: str
    examples: Sequence[str]
    hint: str

    @property
    def is_required(self) -> bool:
        return not self.column.optional and not self.column.instead


def rows(columns: Sequence[Column], chosen: mapping.Chosen, content: str) -> list[MappingRow]:
    values = mapping.examples(content)
    labels = {column.name: column.label.lower() for column in columns}
    found = []
    for column in columns:
        total = next(filter(column.is_total, values), "")
        hint = (
            f"“{total}” is known as the total of a line. It can stand here where no column holds the "
            f"{labels[column.times]}."
            if total
            else "No column is known by this name."
        )
        head = chosen.get(column.name, "")
        found.append(MappingRow(column, head, values.get(head, ()), hint))
    return found


def chosen(given: Mapping[str, str], heads: Sequence[str], columns: Iterable[Column]) -> dict[str, str]:
    """What was chosen of the file's heads; nothing when nothing was said of any column."""
    names = [column.name for column in columns]
    if not any(name in given for name in names):
        return {}
    return {name: given[name] if given.get(name) in heads else "" for name in names}


def ignored(chosen: mapping.Chosen | None, heads: Iterable[str]) -> list[str]:
    """Heads that stand for nothing, and are left out."""
    if not chosen:
        return []
    return [head for head in heads if head and head not in chosen.values()]
