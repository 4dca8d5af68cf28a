"""What goes wrong between us and QuickBooks, and inside it: each kind waits for a next write or read."""

import random
from typing import Any

from devtools.chaos.kinds import Kind, Script, on_write

LONGEST_LATENCY = 3.0  # real seconds: within the 120 that QuickBooks has, as the hurried world counts
UNSUPPORTED = "Operation Could not find resource for relative : /v3 is not supported."
QUOTA = "The monthly quota of CorePlus calls is used up. Reads are blocked until the next month begins."
NONSENSE = {  # what no table of ours has room for
    "code": "9" * 40,
    "message": "Error\x00 <html><body>",
    "detail": "\x00" + "very long " * 90,
    "tid": "1-" + "f" * 300,
}


def _once(effect: str, **details: Any) -> Kind:
    return Kind(details.pop("name", effect), lambda chance: [on_write(effect, label=True, **details)])


def _on_items(name: str, effect: str, code: str) -> Kind:
    script = {"effect": effect, "code": code, "operation": "item:write", "times": 2, "label": True}
    return Kind(name, lambda chance: [script], many=True)


def _slow(chance: random.Random) -> list[Script]:
    return [on_write("latency", label=True, seconds=chance.uniform(0.2, LONGEST_LATENCY))]


def _errs_500_in_400(chance: random.Random) -> list[Script]:
    effect = chance.choice(("fault", "fault_after"))
    return [on_write(effect, label=True, code="500", detail=UNSUPPORTED)]


def _garbage(chance: random.Random) -> list[Script]:
    return [
        chance.choice(
            (
                on_write("garbled", label=True),
                on_write("html", label=True, status=200),
                on_write("fault", label=True, **NONSENSE),
            )
        )
    ]


def _forgetful(chance: random.Random) -> list[Script]:
    """QuickBooks does not know request ids again, and an answer gets lost. What it made is found by its name or
    number then; had a bookkeeper changed that in the same seconds too, nobody could tell any more.
    """
    return [on_write("ignore_requestid", times=3), on_write("cut_after", label=True)]


def _query_lag(chance: random.Random) -> list[Script]:
    """An answer is lost, and the queries that look for it read an old copy of the books."""
    lag = {"effect": "lag", "operation": "query", "times": 6, "seconds": chance.uniform(5, 40), "label": True}
    return [on_write(chance.choice(("cut_after", "fault_after"))), lag]


def _reads_refused(chance: random.Random) -> list[Script]:
    """An answer is lost, and who looks for it is refused. Never 610: that would be an untruth of QuickBooks'."""
    refusal = chance.choice(
        (
            {"effect": "fault", "code": "10000"},
            {"effect": "fault", "code": "500", "detail": UNSUPPORTED},
            {"effect": "fault_in_200", "code": "10000"},
            {"effect": "status", "status": 503},
            {"effect": "garbled"},
        )
    )
    lost = [on_write("cut_after")] if chance.random() < 0.5 else []
    return [*lost, {"operation": "read", "times": 2, "label": True, **refusal}]


def _quota_used_up(chance: random.Random) -> list[Script]:
    """The month's reads are used up, perhaps just when an answer is lost, until the month turns (hurry.py)."""
    lost = [on_write("cut_after")] if chance.random() < 0.3 else []
    refusal = {"effect": "fault", "code": "3001", "detail": QUOTA, "operation": "read", "label": True}
    return [*lost, {**refusal, "times": chance.randint(1, 4)}]


WIRE = (
    _once("cut_before"),
    _once("cut_after"),
    _once("cut_middle"),
    _once("status", name="status_500", status=500),
    _once("html", name="proxy_502", status=502),
    _once("maintenance"),
    _once("throttle"),
    _once("fault", name="system_fault", code="10000"),
    _once("fault_after", name="system_fault_but_done", code="10000"),
    _once("fault_in_200", code="10000"),
    Kind("errs_500_in_400", _errs_500_in_400),
    Kind("garbage", _garbage),
    Kind("slow", _slow),
    Kind("forgetful", _forgetful, nobody_else=True),
    Kind("query_lag", _query_lag),
    Kind("reads_refused", _reads_refused),
    Kind("quota_used_up", _quota_used_up),
    _on_items("item_refused", "fault", "10000"),
    _on_items("item_refused_but_done", "fault_after", "10000"),
    _on_items("item_stale", "fault", "5010"),
    _on_items("item_throttled", "throttle", "3001"),
)
