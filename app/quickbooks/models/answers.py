"""What a row keeps of what a person is asked, and of what they answered (outbox/answers.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.quickbooks.models.differences import Aspect, Difference, in_words, of_an_earlier_version


@dataclass(frozen=True)
class Question:
    """What a person is asked: `ids` are the QuickBooks records in the way, the first of which `there` describes in
    a few words; `told` says what was changed there, or why two customers may be one; `seen` is the fingerprint of a
    change; `differences` are what a comparison found, which is `told` then.
    """

    problem: str = ""
    ids: tuple[str, ...] = ()
    there: str = ""
    seen: str = ""
    told: str = ""
    differences: tuple[Difference, ...] = ()

    @classmethod
    def about(cls, problem: str, differences: Sequence[Difference], seen: str) -> Question:
        return cls(problem, seen=seen, told=in_words(differences), differences=tuple(differences))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Question:
        words = {name: stored.get(name, "") for name in ("problem", "there", "seen", "told")}
        return cls(ids=_listed(stored.get("ids", ())), differences=_differences(stored), **words)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Answer:
    """What people have answered: `link` is the QuickBooks record that is ours, `keeps` that what is written there
    stays, `ends` that it is voided because ours is void, `name` what a customer is called there as long as it is
    called `name_for` here, `others` the QuickBooks records that are not ours though they have our number or mark,
    or a customer's e-mail, phone or address, `overwrite` what may be overwritten (seen), `writes_all` that then all
    is written that differs.
    """

    link: str = ""
    keeps: bool = False
    ends: bool = False
    name: str = ""
    name_for: str = ""
    others: tuple[str, ...] = ()
    repeats_number: bool = False
    overwrite: str | None = None
    writes_all: bool = False

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Answer:
        """Rows of an earlier version have `others` as one text; that they had it meant that the number repeats."""
        return cls(
            link=stored.get("link", ""),
            keeps=stored.get("keeps", False),
            ends=stored.get("ends", False),
            name=stored.get("name", ""),
            name_for=stored.get("name_for", ""),
            others=_listed(stored.get("others", ())),
            repeats_number=stored.get("repeats_number", "others" in stored),
            overwrite=stored.get("overwrite"),
            writes_all=stored.get("writes_all", "all" in stored),
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def name_there(self, name_here: str) -> str:
        """What QuickBooks shall call a customer of this name."""
        return self.name if self.name and self.name_for == name_here else name_here


def _differences(stored: Mapping[str, Any]) -> tuple[Difference, ...]:
    if "differences" not in stored:
        return of_an_earlier_version([stored.get("told", "")])
    return tuple(Difference(Aspect(one["aspect"]), one["text"]) for one in stored["differences"])


def _listed(ids: str | Sequence[str]) -> tuple[str, ...]:
    """Rows of an earlier version have one text with commas."""
    return tuple(id_ for id_ in (ids.split(",") if isinstance(ids, str) else ids) if id_)
