"""Cells of an invoice file, as a person or another product's export writes them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.accounts.models import Currency, Terms
from app.invoices import typed_numbers
from app.invoices.dates import EARLIEST, LATEST, parse_day
from app.invoices.models import DiscountKind

_EXPORTED_DAYS = ("%m/%d/%Y", "%b %d, %Y", "%B %d, %Y")  # QuickBooks' and Jobber's in the United States


def day(cell: str) -> date:
    """An ISO day, or as exports write it: month, day and year. Raises ValueError with a sentence."""
    for format in _EXPORTED_DAYS:
        try:
            found = datetime.strptime(cell, format).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
        if EARLIEST <= found <= LATEST:
            return found
    if re.fullmatch(r"[0-9/.]+", cell):
        raise ValueError("This is not a day. Write it like 2026-03-31 or 3/31/2026.")
    return parse_day(cell)


def price(cell: str, currency: Currency = Currency.USD) -> Decimal:
    """In the company's currency, with its sign or without."""
    return typed_numbers.unit_price(_without_sign(cell, currency))


@dataclass(frozen=True)
class Discount:
    """A percentage, or an amount, as its kind says."""

    kind: DiscountKind = DiscountKind.NONE
    value: Decimal = Decimal(0)

    def __str__(self) -> str:
        """As it is written in a file: the company's currency is understood."""
        if self.kind is DiscountKind.NONE:
            return "no discount"
        return f"{self.value.normalize():f}%" if self.kind is DiscountKind.PERCENT else f"{self.value:,.2f}"


def tax_rate(cell: str) -> Decimal | None:
    """A percentage, with its sign or without; None for nothing."""
    return typed_numbers.percent(cell.removesuffix("%").strip()) if cell else None


def discount(cell: str, currency: Currency = Currency.USD) -> Discount:
    """ "10%" or an amount such as "25.00"; nothing is no discount."""
    if not cell:
        return Discount()
    if cell.endswith("%"):
        return Discount(DiscountKind.PERCENT, typed_numbers.percent(cell.removesuffix("%").strip()))
    return Discount(DiscountKind.AMOUNT, typed_numbers.discount_value(_without_sign(cell, currency)))


def _without_sign(cell: str, currency: Currency) -> str:
    """Its sign may stand before or after. Raises ValueError for the sign of another currency."""
    for sign in cell:
        if unicodedata.category(sign) == "Sc" and sign != currency.symbol:
            raise ValueError(
                f"This is in {sign}, and your company invoices in {currency.value} ({currency.symbol})."
            )
    bare = cell.removeprefix(currency.symbol)
    return (bare if bare != cell else cell.removesuffix(currency.symbol)).strip()


def terms(cell: str) -> Terms | None:
    """As the invoice form calls them, in any case; nothing leaves the due date as it is."""
    if not cell:
        return None
    for one in Terms:
        if one.label.casefold() == " ".join(cell.split()).casefold():
            return one
    raise ValueError(f"Terms are one of: {', '.join(one.label for one in Terms)}.")
