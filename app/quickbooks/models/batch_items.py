"""What a batch keeps of each write: enough to send it, to settle it, and to learn what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from app.quickbooks.api.write import Write
from app.quickbooks.models.kinds import RecordKind


@dataclass(frozen=True, kw_only=True)
class BatchItem(Write):
    """One row's write, as it was built from the record at `read_at`.

    `version` is the row's `wanted` then. `ours` are the fields of the body as they are here; None in rows of an
    earlier version. `total` is what QuickBooks must answer, if any. `void_next`: it is voided once it is there.
    """

    task_id: int
    version: int
    read_at: datetime
    ours: dict[str, Any] | None = None
    total: Decimal | None = None
    void_next: bool = False

    @property
    def kind(self) -> RecordKind:
        return RecordKind.of(self.entity)

    def to_json(self) -> dict[str, Any]:
        stored = {_key(each): getattr(self, each.name) for each in fields(self)}
        return stored | {"read_at": self.read_at.isoformat()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> BatchItem:
        """What to_json gave; rows of an earlier version lack what has a default."""
        known = {each.name: stored[_key(each)] for each in fields(cls) if _key(each) in stored}
        return cls(**known | {"read_at": datetime.fromisoformat(stored["read_at"])})


def _key(one: Field[Any]) -> str:
    """What rows of an earlier version call it, too."""
    return "then" if one.name == "void_next" else one.name


class BatchItems(TypeDecorator[list[BatchItem]]):
    """The column that keeps them."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: Sequence[BatchItem] | None, dialect: Dialect) -> Any:
        return None if value is None else [item.to_json() for item in value]

    def process_result_value(self, value: Any, dialect: Dialect) -> list[BatchItem]:
        return [BatchItem.from_json(stored) for stored in value]
