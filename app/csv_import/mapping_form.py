"""The page on which a person says which column of a file is which of ours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.csv_import import mapping
from app.csv_import.columns import Column


@dataclass(frozen=True)
class MappingRow:
    """A column of ours, the head that stands for it, and values from under that head."""

    column: Column
    head: str
    examples: Sequence[str]

    @property
    def is_required(self) -> bool:
        return not self.column.optional and not self.column.instead


def rows(columns: Iterable[Column], chosen: mapping.Chosen, content: str) -> list[MappingRow]:
    values = mapping.examples(content)
    heads = {column.name: chosen.get(column.name, "") for column in columns}
    return [MappingRow(column, heads[column.name], values.get(heads[column.name], ())) for column in columns]


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
