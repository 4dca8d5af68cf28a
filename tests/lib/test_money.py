from decimal import Decimal

import pytest

from app.lib.money import to_cents


@pytest.mark.parametrize(
    ("exact", "cents"),
    [
        ("1861.075", "1861.08"),
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("2.675", "2.68"),
        ("1.004999", "1.00"),
    ],
)
def test_cents_round_half_up(exact: str, cents: str):
    assert to_cents(Decimal(exact)) == Decimal(cents)
