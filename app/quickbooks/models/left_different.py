"""What is different in QuickBooks and somebody chose to leave so: what a link keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class LeftDifferent:
    """`fields` are in words."""

    by: str
    at: datetime
    fields: list[str]

    def to_json(self) -> dict[str, Any]:
        return {"at": self.at.isoformat(), "by": self.by, "fields": self.fields}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> LeftDifferent | None:
        """None where nothing was left."""
        if not stored:
            return None
        return cls(stored["by"], datetime.fromisoformat(stored["at"]), stored["fields"])
