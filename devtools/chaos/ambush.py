"""Waiting for writes to meet what was armed for them."""

import time
from dataclasses import dataclass

from devtools.chaos.kinds import Kind
from devtools.chaos.scene import WORKERS, Tenant

# Real seconds. A blow is left out when no write came for it; a fault stays armed for later calls.
BLOW_SECONDS, LONGEST_SECONDS = 2.5, 4
GATHER_SECONDS = 0.3  # from the first write on the wire to the blow for all, shorter than any is held
LATE = 2  # so many may still wait when a trial ends


@dataclass(frozen=True)
class Trap:
    """`scripts`: the ids of those that wait for a company's calls."""

    tenant: Tenant
    kind: Kind
    scripts: frozenset[int]

    @property
    def has_blow(self) -> bool:
        return self.kind.strike is not None and not self.kind.refuses


class Ambush:
    """Of one trial. `waiting` are the traps that met nothing yet; `gathered` those whose writes are held until the
    blow that befalls all.
    """

    def __init__(self, traps: list[Trap], left: list[Trap]) -> None:
        """`left` are faults of earlier trials."""
        self.waiting = [trap for trap in [*left, *traps] if trap.scripts]
        self.gathered: list[Trap] = []
        self._enough = len(self.waiting) - max(LATE, len(left))
        self._met, self._started, self._gather_until = 0, time.monotonic(), float("inf")

    def met_since(self, struck: set[int]) -> list[Trap]:
        """Those that a write has just met, and whose own blow may fall."""
        met = [trap for trap in self.waiting if trap.scripts & struck]
        self.waiting = [trap for trap in self.waiting if trap not in met]
        self._met += len(met)
        if everywhere := [trap for trap in met if trap.kind.everywhere]:
            self.gathered += everywhere
            self._gather_until = min(self._gather_until, time.monotonic() + GATHER_SECONDS)
        return [trap for trap in met if trap.has_blow and not trap.kind.everywhere]

    def take_gathered(self) -> list[Trap]:
        """Those whose common blow is to fall now; once. What comes after it is held for nothing."""
        if len(self.gathered) < WORKERS and time.monotonic() < self._gather_until:
            return []
        taken, self.gathered, self._gather_until = self.gathered, [], float("inf")
        if taken:
            self.waiting = [trap for trap in self.waiting if not trap.kind.everywhere]
        return taken

    @property
    def is_over(self) -> bool:
        passed = time.monotonic() - self._started
        if self.gathered:
            return False
        if any(trap.has_blow for trap in self.waiting) and passed < BLOW_SECONDS:
            return False
        return not self.waiting or self._met >= self._enough or passed > LONGEST_SECONDS
