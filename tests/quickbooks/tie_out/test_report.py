"""When a month ties, when its difference is explained, and when somebody has to look."""

from datetime import date
from decimal import Decimal

import pytest

from app.quickbooks.tie_out.models import Verdict
from app.quickbooks.tie_out.report import Month, Tally, together

MARCH = date(2026, 3, 1)
AGREEING = Tally(2, Decimal("200.00"), 2, Decimal("200.00"))


def one(here: str, there: str | None) -> Tally:
    found = there is not None
    return Tally(1, Decimal(here), int(found), Decimal(there or 0))


def month(**tallies: Tally) -> Month:
    by_verdict = {verdict: tallies.get(verdict.value, Tally()) for verdict in Verdict}
    return Month(MARCH, by_verdict, made_there=Tally())


@pytest.mark.parametrize(
    ("tallies", "ties", "is_explained"),
    [
        ({}, True, False),
        ({"agrees": AGREEING}, True, False),
        ({"agrees": AGREEING, "different": one("100.00", "99.99")}, False, False),
        ({"agrees": AGREEING, "different": one("100.00", "100.00")}, False, False),  # a number, a customer
        ({"agrees": AGREEING, "missing": one("50.00", None)}, False, False),
        ({"agrees": AGREEING, "missing": one("0.00", None)}, False, False),
        ({"agrees": AGREEING, "waiting": one("50.00", None)}, False, False),
        ({"agrees": AGREEING, "skipped": one("50.00", None)}, False, True),
        ({"agrees": AGREEING, "not_sent": one("50.00", None)}, False, True),
        ({"agrees": AGREEING, "not_sent": one("0.00", None)}, True, False),  # void before it was ever sent
        ({"not_sent": one("50.00", None), "missing": one("5.00", None)}, False, False),
        # Two errors that cancel out are two errors.
        ({"different": Tally(2, Decimal("200.00"), 2, Decimal("200.00"))}, False, False),
        ({"different": one("100.00", "150.00"), "missing": one("50.00", None)}, False, False),
    ],
)
def test_a_month(tallies: dict[str, Tally], ties: bool, is_explained: bool):
    assert (month(**tallies).ties, month(**tallies).is_explained) == (ties, is_explained)


def test_the_total_row_adds_up():
    total = together([month(agrees=AGREEING), month(agrees=AGREEING, missing=one("0.10", None))])
    assert total.all == Tally(5, Decimal("400.10"), 4, Decimal("400.00"))
    assert total.all.difference == Decimal("0.10")
    assert (total.key, total.title) == (None, "All months")
    assert (month().key, month().title) == ("2026-03", "March 2026")
