"""The tables of words, read once: refusals.toml by code and by key, problems.toml by key."""

import tomllib
from pathlib import Path
from typing import Any

from app.quickbooks.catalogue.entries import Entry, RefusalKind, Who

_FOLDER = Path(__file__).parent


def _read(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


def _entry(key: str, row: dict[str, Any]) -> Entry:
    return Entry(
        key,
        RefusalKind(row["kind"]),
        row["sentence"],
        row["remedy"],
        beforehand=row.get("beforehand", ""),
        title=row.get("title", Entry.title),
        who=Who(row.get("who", Who.OFFICE)),
    )


_REFUSALS = _read("refusals.toml")

BY_CODE = {str(code): _entry(key, row) for key, row in _REFUSALS.items() for code in row["codes"]}
BY_KEY = {key: _entry(key, row) for key, row in (_REFUSALS | _read("problems.toml")).items()}
