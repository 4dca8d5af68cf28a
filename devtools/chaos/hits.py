"""How often each kind has struck, by the stand-in's journal: a fault that nothing met is none."""

import random
from collections import Counter
from typing import Any

from devtools.chaos.kinds import Kind

Call = dict[str, Any]
TRIALS_A_HIT = 10  # each kind has to strike at least once in so many trials


class Hits:
    """`by_kind` counts what has struck. What waits for a write to come is not chosen again meanwhile."""

    def __init__(self, names: list[str]) -> None:
        self.by_kind: Counter[str] = Counter(dict.fromkeys(names, 0))
        self._waiting: Counter[str] = Counter()
        self._refused_by: dict[str, str] = {}

    def expect(self, kind: Kind) -> None:
        self._waiting[kind.name] += 1

    def expect_refusals(self, realm: str, kind: Kind) -> None:
        """The next call of that company that is answered with 401 is this kind's."""
        self._refused_by[realm] = kind.name

    def fell(self, kind: Kind, writes: int) -> None:
        """A blow, while so many writes were on the wire."""
        self._strike(kind.name, writes)

    def calm(self) -> None:
        """What waited for a write has been taken away."""
        self._waiting.clear()

    def count(self, calls: list[Call]) -> None:
        for call in calls:
            for hit in call["struck"]:
                if hit["label"]:
                    self._strike(hit["label"])
            if call["status"] == 401 and call["realm"] in self._refused_by:
                self._strike(self._refused_by.pop(call["realm"]))

    def _strike(self, name: str, times: int = 1) -> None:
        self.by_kind[name] += times
        self._waiting[name] = max(0, self._waiting[name] - times)

    def short(self, trials: int) -> dict[str, int]:
        """The kinds that struck too seldom in so many trials, with their hits."""
        needed = max(1, trials // TRIALS_A_HIT)
        return {name: hits for name, hits in sorted(self.by_kind.items()) if hits < needed}

    def neediest(self, kinds: list[Kind], chance: random.Random) -> list[Kind]:
        """The kinds with the fewest hits first; chance decides among equals."""
        return sorted(kinds, key=lambda kind: (self._known(kind.name), chance.random()))

    def neediest_name(self, names: list[str], chance: random.Random) -> str:
        return min(names, key=lambda name: (self._known(name), chance.random()))

    def _known(self, name: str) -> int:
        refusals = list(self._refused_by.values()).count(name)
        return self.by_kind[name] + self._waiting[name] + refusals
