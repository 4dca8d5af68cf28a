"""What a kind of fault is: scripts that wait for a company's next calls, or a blow while a write is on the wire."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from devtools.chaos.scene import Scene, Tenant

Script = dict[str, Any]
Scripts = Callable[[random.Random], list[Script]]
Strike = Callable[[Scene, list[Tenant], random.Random], None]


@dataclass(frozen=True)
class Kind:
    """`scripts` are given to QuickBooks before people work; those with a label count as hits once they strike.

    `strike` happens while a held write is on the wire. `everywhere`: it befalls all companies at once. `by_blow`:
    its hits are the writes that were on the wire when the blow fell. `refuses`: its hits are the calls that
    QuickBooks answers with 401. `many`: it is met by several writes in one request. `nobody_else`: no bookkeeper
    works at that company meanwhile.
    """

    name: str
    scripts: Scripts
    strike: Strike | None = None
    everywhere: bool = False
    by_blow: bool = False
    refuses: bool = False
    many: bool = False
    nobody_else: bool = False


def on_write(effect: str, **details: Any) -> Script:
    return {"effect": effect, "operation": "write", "times": 1, **details}


def holding(shortest: float, longest: float) -> Scripts:
    """Keeps the next write on the wire, for a blow to fall meanwhile: real seconds."""
    return lambda chance: [on_write("latency", seconds=chance.uniform(shortest, longest))]
