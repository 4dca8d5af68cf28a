"""Bad days on demand: what the next answers shall be, for which operations, how often (contract section 8)."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from itertools import count
from threading import Lock
from typing import Any

from simulator.checks import Check, checked, choice, number, optional, text, whole

EFFECTS = {
    "fault",
    "fault_in_200",
    "fault_after",
    "garbled",
    "xml_fault",
    "gateway_fault",
    "throttle",
    "status",
    "html",
    "maintenance",
    "latency",
    "cut_before",
    "cut_after",
    "cut_middle",
    "ignore_requestid",
    "lag",
}
MODIFIERS = {"latency", "ignore_requestid", "lag"}  # change the answer's circumstances, not the answer
ITEM = "item:"
OF_ITEMS = {
    "fault",
    "fault_after",
    "throttle",
    "latency",
}  # an item has no connection, status or page of its own
GROUPS = {  # in a script's operation: any call that asks, any that changes the books
    "read": ("query", "cdc", ".read", ".pdf"),
    "write": ("batch", ".create", ".update", ".delete", ".void", ".send"),
}

LONGEST_LATENCY = 600  # seconds


def _code(value: Any) -> str:
    return text(str(value) if isinstance(value, int) and not isinstance(value, bool) else value)


CHECKS: dict[str, Check] = {
    "effect": choice(*sorted(EFFECTS)),
    "operation": optional(text),
    "realm": optional(text),
    "times": optional(whole(1, 1_000_000)),
    "probability": number(0, 1),
    "seed": optional(whole(-(2**63), 2**63)),
    "code": optional(_code),
    "message": optional(text),
    "detail": optional(text),
    "element": optional(text),
    "status": optional(whole(200, 599)),
    "seconds": number(0, LONGEST_LATENCY),
    "tid": optional(text),
    "label": text,
}


@dataclass
class Script:
    effect: str
    operation: str | None = None  # "invoice.create", "batch", "write", "item:invoice.create"; null: any call
    realm: str | None = None
    times: int | None = 1  # null: until cleared
    probability: float = 1.0
    seed: int | None = None
    code: str | None = None
    message: str | None = None
    detail: str | None = None
    element: str | None = None
    status: int | None = None
    seconds: float = 0
    tid: str | None = None
    label: str = ""
    id: int = 0
    used: int = 0
    chance: random.Random = field(default_factory=random.Random, repr=False)

    @classmethod
    def from_json(cls, sent: dict[str, Any]) -> "Script":
        """Raises ValueError for an unknown property, one that cannot be so, or an effect that no item can have."""
        script = cls(**checked({"effect": None, **sent}, CHECKS, "property"))
        if (script.operation or "").startswith(ITEM) and script.effect not in OF_ITEMS:
            raise ValueError(f"effect of one item of a batch must be one of {', '.join(sorted(OF_ITEMS))}")
        script.chance.seed(script.seed)
        return script

    def as_dict(self) -> dict[str, Any]:
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name != "chance"}

    def matches(self, operation: str, realm: str | None) -> bool:
        if self.realm not in (None, realm):
            return False
        if self.operation is None:
            return not operation.startswith(ITEM)
        if operation.startswith(ITEM) != self.operation.startswith(ITEM):
            return False
        endings = GROUPS.get(self.operation.removeprefix(ITEM))
        return operation.endswith(endings) if endings else self.operation == operation

    def strikes(self) -> bool:
        """Whether it is this call's turn; uses the script up by one if so."""
        if self.times is not None and self.used >= self.times:
            return False
        if self.probability < 1 and self.chance.random() >= self.probability:
            return False
        self.used += 1
        return True


@dataclass
class Effects:
    """What happens to one call: how late it is, which the longest of several says, and at most one thing that goes
    wrong.
    """

    seconds: float = 0
    lag: float = 0  # simulated seconds by which a query's answer is old
    ignore_requestid: bool = False
    trouble: Script | None = None
    struck: list[Script] = field(default_factory=list)

    def is_(self, *effects: str) -> bool:
        return self.trouble is not None and self.trouble.effect in effects


class Scripts:
    def __init__(self) -> None:
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self._scripts: list[Script] = []
            self._ids: Iterator[int] = count(1)

    def add(self, script: Script) -> int:
        with self._lock:
            script.id = next(self._ids)
            self._scripts.append(script)
            return script.id

    def listing(self) -> list[dict[str, Any]]:
        with self._lock:
            return [script.as_dict() for script in self._scripts]

    def take(self, operation: str, realm: str | None) -> Effects:
        """Every modifier that matches, and the first trouble, in the order they were added."""
        effects = Effects()
        with self._lock:
            for script in self._scripts:
                if effects.trouble and script.effect not in MODIFIERS:
                    continue
                if script.matches(operation, realm) and script.strikes():
                    _combine(effects, script)
        return effects


def _combine(effects: Effects, script: Script) -> None:
    effects.struck.append(script)
    if script.effect == "lag":
        effects.lag = max(effects.lag, script.seconds)
    else:
        effects.seconds = max(effects.seconds, script.seconds)
    if script.effect == "ignore_requestid":
        effects.ignore_requestid = True
    elif script.effect not in MODIFIERS:
        effects.trouble = script
