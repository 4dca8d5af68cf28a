"""What is different in QuickBooks and somebody chose to leave so: what a link keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.quickbooks.models.differences import Aspect, Difference, in_words, of_an_earlier_version


@dataclass(frozen=True)
class LeftDifferent:
    by: str
    at: datetime
    differences: tuple[Difference, ...]

    @property
    def text(self) -> str:
        """All that was left, in words."""
        return in_words(self.differences)

    def to_json(self) -> dict[str, Any]:
        """Words and aspects apart, so that an earlier version can read it too."""
        return {
            "at": self.at.isoformat(),
            "by": self.by,
            "fields": [one.text for one in self.differences],
            "aspects": [one.aspect for one in self.differences],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> LeftDifferent | None:
        """None where nothing was left."""
        if not stored:
            return None
        return cls(stored["by"], datetime.fromisoformat(stored["at"]), _differences(stored))


def _differences(stored: Mapping[str, Any]) -> tuple[Difference, ...]:
    if "aspects" not in stored:
        return of_an_earlier_version(stored["fields"])
    pairs = zip(stored["aspects"], stored["fields"], strict=True)
    return tuple(Difference(Aspect(aspect), text) for aspect, text in pairs)
