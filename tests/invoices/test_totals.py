"""The arithmetic of an invoice: exact, half up, line by line."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.invoices.models import DiscountKind
from app.invoices.totals import Totals, invoice_totals, line_amount

amounts = st.decimals(min_value=0, max_value=99_999, places=2)
numbers = st.decimals(min_value=0, max_value=99_999, places=4)
percents = st.decimals(min_value=0, max_value=100, places=4)


def half_up(exact: Fraction) -> Decimal:
    """Written with whole numbers only, to check the real one against."""
    return Decimal((exact * 200 + 1).numerator // (2 * (exact * 200 + 1).denominator)) / 100


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "amount"),
    [
        ("1", "100", "0", "100.00"),
        ("128.35", "14.50", "0", "1861.08"),  # 1861.075
        ("3", "0.335", "0", "1.01"),  # 1.005
        ("1", "0.01", "50", "0.01"),  # 0.005
        ("2.5", "3.875", "10", "8.72"),  # 8.71875
        ("7", "19.99", "100", "0.00"),
        ("0.0001", "0.0001", "0", "0.00"),
    ],
)
def test_a_line_is_rounded_once_after_its_discount(quantity, price, discount, amount):
    assert line_amount(Decimal(quantity), Decimal(price), Decimal(discount)) == Decimal(amount)


@pytest.mark.parametrize(
    ("lines", "kind", "value", "rate", "expected"),
    [
        ([], "none", "0", "8.25", ("0.00", "0.00", "0.00", "0.00")),
        (["100.00"], "none", "0", "0", ("100.00", "0.00", "0.00", "100.00")),
        (["100.00"], "none", "0", "8.25", ("100.00", "0.00", "8.25", "108.25")),
        (["10.01", "10.01"], "none", "0", "5", ("20.02", "0.00", "1.00", "21.02")),
        (["10.01"], "percent", "5", "0", ("10.01", "0.50", "0.00", "9.51")),
        (["10.10"], "percent", "5", "0", ("10.10", "0.51", "0.00", "9.59")),  # 0.505
        (["80.00", "20.00"], "amount", "15", "10", ("100.00", "15.00", "8.50", "93.50")),
        (["10.00"], "amount", "25", "10", ("10.00", "10.00", "0.00", "0.00")),
    ],
)
def test_the_discount_comes_off_before_tax(lines, kind, value, rate, expected):
    totals = invoice_totals(map(Decimal, lines), DiscountKind(kind), Decimal(value), Decimal(rate))
    assert totals == Totals(*map(Decimal, expected))


@settings(deadline=None)  # a busy machine is no mistake in the arithmetic
@given(numbers, numbers, percents)
def test_a_line_is_its_exact_amount_rounded_half_up(quantity, price, discount):
    exact = Fraction(quantity) * Fraction(price) * (100 - Fraction(discount)) / 100
    assert line_amount(quantity, price, discount) == half_up(exact)


@settings(deadline=None)
@given(st.lists(amounts, max_size=50), st.sampled_from(DiscountKind), numbers, percents)
def test_totals_add_up_and_never_go_below_zero(lines, kind, value, rate):
    if kind is DiscountKind.PERCENT:
        value = min(value, Decimal(100))
    totals = invoice_totals(lines, kind, value, rate)
    assert totals.subtotal == sum(lines)
    assert 0 <= totals.discount <= totals.subtotal
    assert totals.tax == half_up(Fraction(totals.subtotal - totals.discount) * Fraction(rate) / 100)
    assert totals.total == totals.subtotal - totals.discount + totals.tax
    assert all(amount == amount.quantize(Decimal("0.01")) for amount in vars(totals).values())
