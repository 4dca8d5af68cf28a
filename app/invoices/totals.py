"""An invoice's arithmetic: pure, exact, rounded half up to the cent, line by line (domain: Invoices)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.invoices.models import DiscountKind, Invoice
from app.lib.money import ZERO, percent_of, to_cents

MAX_SUBTOTAL = Decimal("999999999.99")


@dataclass(frozen=True)
class Totals:
    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal


def line_amount(quantity: Decimal, unit_price: Decimal, discount_percent: Decimal) -> Decimal:
    """Dollars of one line after its discount; rounded once."""
    gross = quantity * unit_price
    return to_cents(gross - percent_of(gross, discount_percent))


def invoice_totals(
    amounts: Iterable[Decimal], discount_kind: DiscountKind, discount_value: Decimal, tax_rate: Decimal
) -> Totals:
    """The discount comes off before tax and is never more than the lines; the rate is a percentage."""
    subtotal = sum(amounts, ZERO)
    discount = min(_discount(subtotal, discount_kind, discount_value), subtotal)
    tax = to_cents(percent_of(subtotal - discount, tax_rate))
    return Totals(subtotal, discount, tax, subtotal - discount + tax)


def recalculate(invoice: Invoice) -> None:
    """Write an invoice's stored amounts from its lines, discount and tax rate."""
    for line in invoice.lines:
        line.amount = line_amount(line.quantity, line.unit_price, line.discount_percent)
    totals = invoice_totals(
        (line.amount for line in invoice.lines),
        invoice.discount_kind,
        invoice.discount_value,
        invoice.tax_rate,
    )
    invoice.subtotal, invoice.discount_total = totals.subtotal, totals.discount
    invoice.tax_total, invoice.total = totals.tax, totals.total


def _discount(subtotal: Decimal, kind: DiscountKind, value: Decimal) -> Decimal:
    match kind:
        case DiscountKind.PERCENT:
            return to_cents(percent_of(subtotal, value))
        case DiscountKind.AMOUNT:
            return to_cents(value)
        case _:
            return ZERO
