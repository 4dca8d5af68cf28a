"""Cells of an invoice file that say something of the whole invoice: its tax, its discount, its terms."""

from dataclasses import dataclass
from decimal import Decimal

from app.accounts.models import Terms
from app.invoices import typed_numbers
from app.invoices.models import DiscountKind


@dataclass(frozen=True)
class Discount:
    """A percentage, or dollars, as its kind says."""

    kind: DiscountKind = DiscountKind.NONE
    value: Decimal = Decimal(0)

    def __str__(self) -> str:
        """As it is written in a file."""
        if self.kind is DiscountKind.NONE:
            return "no discount"
        return f"{self.value.normalize():f}%" if self.kind is DiscountKind.PERCENT else f"${self.value:,.2f}"


def tax_rate(cell: str) -> Decimal:
    """A percentage, with its sign or without; nothing is no tax."""
    return typed_numbers.percent(cell.removesuffix("%").strip()) if cell else Decimal(0)


def discount(cell: str) -> Discount:
    """ "10%" or dollars, such as "25.00"; nothing is no discount."""
    if not cell:
        return Discount()
    if cell.endswith("%"):
        return Discount(DiscountKind.PERCENT, typed_numbers.percent(cell.removesuffix("%").strip()))
    return Discount(DiscountKind.AMOUNT, typed_numbers.discount_value(cell))


def terms(cell: str) -> Terms | None:
    """As the invoice form calls them, in any case; nothing leaves the due date as it is."""
    if not cell:
        return None
    for one in Terms:
        if one.label.casefold() == " ".join(cell.split()).casefold():
            return one
    raise ValueError(f"Terms are one of: {', '.join(one.label for one in Terms)}.")
