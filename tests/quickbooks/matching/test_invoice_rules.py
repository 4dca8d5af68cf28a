"""When an invoice in QuickBooks is taken for one of ours that was never sent."""

import time
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.quickbooks.matching.invoice_rules import Bill, Pair, pairs

OURS = Bill("1", "INV-7", frozenset({"name rivera hvac", "58"}), Decimal("100.00"), date(2026, 1, 5))
THERE = replace(OURS, id="901", customers=frozenset({"58"}))


@pytest.mark.parametrize(
    ("theirs", "reason"),
    [
        ({}, ""),
        ({"number": "inv-7"}, ""),
        ({"customers": frozenset({"name rivera hvac"})}, ""),
        ({"number": "1042"}, "same customer, total and date, another number"),
        ({"number": ""}, "same customer, total and date, another number"),
        ({"customers": frozenset({"59"})}, "same number, total and date, another customer"),
        ({"total": Decimal("99.00")}, "same number, customer and date, another total"),
        ({"day": date(2026, 1, 6)}, "same number, customer and total, another date"),
        (
            {"day": date(2026, 1, 6), "customers": frozenset()},
            "same number and total, another customer and date",
        ),
        (
            {"day": date(2026, 1, 6), "total": Decimal("9.00")},
            "same number and customer, another total and date",
        ),
    ],
)
def test_one_of_ours(theirs, reason):
    assert pairs([OURS], [replace(THERE, **theirs)]) == [Pair("1", "901", reason)]


@pytest.mark.parametrize(
    "theirs",
    [
        {"number": "1042", "customers": frozenset({"59"})},
        {"number": "1042", "day": date(2026, 1, 6)},
        {"total": Decimal("9.00"), "customers": frozenset({"59"})},
        {"is_void": True, "total": Decimal(0)},
    ],
)
def test_none_of_ours(theirs):
    assert pairs([OURS], [replace(THERE, **theirs)]) == []


def test_a_void_one_is_only_one_of_ours_that_is_void():
    ours, theirs = replace(OURS, is_void=True), replace(THERE, is_void=True, total=Decimal(0))
    assert pairs([ours], [theirs]) == [Pair("1", "901", "")]


def test_each_is_taken_once_and_by_the_likest():
    typed = replace(THERE, id="902", number="1042")
    again = replace(OURS, id="2", number="INV-8")
    assert pairs([again, OURS], [typed, THERE]) == [
        Pair("1", "901", ""),
        Pair("2", "902", "same customer, total and date, another number"),
    ]


def test_five_thousand_by_five_thousand_take_seconds():
    ours = [
        replace(OURS, id=str(n), number=f"INV-{n}", total=Decimal(n), day=OURS.day + timedelta(n % 300))
        for n in range(5000)
    ]
    started = time.perf_counter()
    found = pairs(ours, [replace(bill, id=f"9{bill.id}") for bill in ours])
    assert len(found) == 5000
    assert time.perf_counter() - started < 10
