"""Money is Decimal, rounded half up to the cent."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def to_cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def percent_of(amount: Decimal, percent: Decimal) -> Decimal:
    """Exact share of an amount; round the result where the rule says so."""
    return amount * percent / 100


def unit_shown(price: Decimal, symbol: str) -> str:
    """To the cent, or as exact as the price is: $12.50, $0.0375."""
    places = max(2, -int(price.normalize().as_tuple().exponent))
    return f"{symbol}{price:,.{places}f}"


def shown(amount: Decimal, symbol: str) -> str:
    """As people write it: -$1,234.50."""
    return f"{'-' if amount < 0 else ''}{symbol}{abs(amount):,.2f}"
