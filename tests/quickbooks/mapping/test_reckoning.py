"""What an invoice has open in QuickBooks follows from what it last showed and what payments of ours did since."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.quickbooks.mapping.reckoning import pay
from app.quickbooks.models.memory import Memory

STEPS = [
    ("a new one", [], [("7", Decimal(0), Decimal(40))], 60),
    (
        "made smaller, then taken off",
        [],
        [("7", Decimal(0), Decimal(40)), ("7", Decimal(40), Decimal(0))],
        100,
    ),
    ("two of them", [], [("7", Decimal(0), Decimal(40)), ("8", Decimal(0), Decimal(10))], 50),
    ("one that was seen there, adopted", ["7"], [("7", None, Decimal(40))], 100),
    ("one that was not seen there, adopted", [], [("7", None, Decimal(40))], 60),
    ("one that was seen, taken off", ["7"], [("7", Decimal(40), Decimal(0))], 140),
    (
        "one that was seen, changed twice",
        ["7"],
        [("7", Decimal(40), Decimal(30)), ("7", Decimal(30), Decimal(20))],
        120,
    ),
]


@pytest.mark.parametrize(("what", "counted", "steps", "left"), STEPS, ids=[step[0] for step in STEPS])
def test_the_balance(what: str, counted: list[str], steps: list[tuple], left: int):
    shown = {"Balance": Decimal(100), "LinkedTxn": [{"TxnId": id_, "TxnType": "Payment"} for id_ in counted]}
    memory = Memory(seen=shown)
    for payment_id, before, after in steps:
        memory = pay(memory, payment_id, before, after, at=datetime(2026, 3, 2, tzinfo=UTC))
    assert memory.balance == left
    assert memory.balance_moved
    assert Memory.from_json(memory.to_json()).balance == left
