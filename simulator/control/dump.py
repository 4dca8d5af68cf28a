"""All records of a company, written piece by piece: a full company does not fit into one answer."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from simulator import exact_json
from simulator.books import liability
from simulator.books.company import Company
from simulator.checks import checked

DELETED, LIABILITY = "Deleted", "TaxLiability"


def parts(company: Company) -> Mapping[str, list[dict[str, Any]]]:
    """Every list as it is at this moment. Records are never changed in place, so that the lock can go."""
    with company.lock:
        return {name: _rows(company, name) for name in _names(company)}


def _names(company: Company) -> list[str]:
    return [*company.tables, LIABILITY, DELETED]


def _rows(company: Company, name: str) -> list[dict[str, Any]]:
    if name == LIABILITY:
        return liability.by_jurisdiction(company)
    if name == DELETED:
        return [{"kind": deletion.kind, **deletion.record} for deletion in company.deletions.values()]
    return list(company.tables[name])


def streamed(lists: Mapping[str, Iterable[Any]]) -> Iterator[str]:
    """One JSON object of lists."""
    for number, (name, rows) in enumerate(lists.items()):
        yield ("{" if number == 0 else ", ") + exact_json.dumps(name) + ": ["
        for place, row in enumerate(rows):
            yield (", " if place else "") + exact_json.dumps(row)
        yield "]"
    yield "}"


def page(company: Company, asked: Mapping[str, str]) -> Mapping[str, Any]:
    """Some rows of one list: `kind`, `start` (1 is the first) and `rows`. Raises ValueError."""
    told = checked(dict(asked), {"kind": str, "start": int, "rows": int}, "parameter")
    names, kind = _names(company), told.get("kind", "")
    if kind not in names:
        raise ValueError(f"kind must be one of {', '.join(names)}")
    start, most = max(told.get("start", 1), 1) - 1, max(told.get("rows", 1000), 1)
    with company.lock:
        rows = _rows(company, kind)
    return {kind: rows[start : start + most], "total": len(rows)}
