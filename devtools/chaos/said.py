"""What our people answered about QuickBooks, and what we were told of it, each with its time."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from devtools.chaos.books import Version
from devtools.chaos.diary import Entry
from devtools.chaos.quickbooks import QuickBooks

Seen = tuple[str, str, str]  # realm, kind, Id


@dataclass(frozen=True)
class Answer:
    at: float
    entry: Entry
    choice: str  # overwrite, again, leave, link, same, name, number, another
    covers: frozenset[str] = frozenset()  # fields that were shown to differ, whoever wrote what is there


class Said:
    def __init__(self, quickbooks: QuickBooks) -> None:
        self._quickbooks = quickbooks
        self._answers: dict[Entry, list[Answer]] = defaultdict(list)
        self._seen: dict[Seen, list[tuple[int, float]]] = defaultdict(list)

    def answer(self, at: float, entry: Entry, choice: str, covers: frozenset[str] = frozenset()) -> None:
        self._answers[entry].append(Answer(at, entry, choice, covers))

    def forget(self, since: float) -> None:
        """What was answered and read since then is unknown to the product."""
        for answers in self._answers.values():
            answers[:] = [one for one in answers if one.at <= since]
        for seen in self._seen.values():
            seen[:] = [(token, at) for token, at in seen if at <= since]

    def answers_of(self, entry: Entry) -> list[Answer]:
        return list(self._answers[entry])

    def any_of(self, entry: Entry, *choices: str, after: float = 0) -> bool:
        return any(one.choice in choices and one.at > after for one in self._answers[entry])

    def leaves(self, entry: Entry, name: str, after: float) -> bool:
        """A person was shown that this field differs, whoever wrote what is there, and left it so."""
        field = "line" if name.startswith("line") else name
        return any(
            one.choice == "leave" and one.at > after and field in one.covers for one in self._answers[entry]
        )

    def overwrite(self, entry: Entry, after: float, before: float) -> bool:
        """Whether a person wanted what is here to go over what is there, between the two times: so an answer covers
        what was there when it was given, and nothing newer. "It is the same" says so too: the page tells that what
        is filled in here is written there then.
        """
        return any(
            one.choice in ("overwrite", "link") and after < one.at < before for one in self._answers[entry]
        )

    def read(self, calls: list[dict[str, Any]]) -> None:
        """Remember what QuickBooks' answers showed us. Calls as the journal has them."""
        for call in calls:
            if call["realm"] and call["status"] == 200 and isinstance(call["response"], dict):
                at = self._quickbooks.real_time(datetime.fromisoformat(call["time"]))
                for kind, record in _records(call["response"]):
                    self._seen[call["realm"], kind, record["Id"]].append((int(record["SyncToken"]), at))

    def seen_at(self, realm: str, version: Version) -> float | None:
        """When we were first shown that version, or a later one."""
        token = int((version.after or {}).get("SyncToken", 0))
        shown = self._seen.get((realm, version.kind, version.id), [])
        return next((at for known, at in shown if known >= token), None)


def _records(answer: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Whatever has an Id and a SyncToken, by the name it stands under."""
    if isinstance(answer, dict):
        for kind, value in answer.items():
            for record in value if isinstance(value, list) else [value]:
                if isinstance(record, dict) and "SyncToken" in record and "Id" in record:
                    yield kind, record
            yield from _records(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from _records(value)
