"""Amounts: Decimal, rounded half up to the cent as QuickBooks does (contract section 4.2)."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal(0)


def to_cents(value: Decimal | int) -> Decimal:
    rounded = Decimal(value).quantize(CENT, ROUND_HALF_UP)
    return rounded if rounded else ZERO
