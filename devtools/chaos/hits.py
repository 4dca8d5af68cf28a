"""How often each kind has struck, by the stand-in's journal: a fault that nothing met is none."""

import random
from collections import Counter
from typing import Any

from devtools.chaos.kinds import Kind

Call = dict[str, Any]


class Hits:
    def __init__(self, names: list[str]) -> None:
        self.by_kind: Counter[str] = Counter(dict.fromkeys(names, 0))
        self._refused_by: dict[str, str] = {}

    def expect_refusals(self, realm: str, kind: Kind) -> None:
        """The next call of that company that is answered with 401 is this kind's."""
        self._refused_by[realm] = kind.name

    def count(self, calls: list[Call]) -> None:
        for call in calls:
            self.by_kind.update(hit["label"] for hit in call["struck"] if hit["label"])
            if call["status"] == 401 and call["realm"] in self._refused_by:
                self.by_kind[self._refused_by.pop(call["realm"])] += 1

    @property
    def missing(self) -> list[str]:
        return sorted(name for name, hits in self.by_kind.items() if not hits)

    def neediest(self, kinds: list[Kind], chance: random.Random) -> list[Kind]:
        """The kinds with the fewest hits first; chance decides among equals."""
        return sorted(kinds, key=lambda kind: (self.by_kind[kind.name], chance.random()))

    def neediest_name(self, names: list[str], chance: random.Random) -> str:
        return min(names, key=lambda name: (self.by_kind[name], chance.random()))
