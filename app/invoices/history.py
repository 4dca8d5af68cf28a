"""Who did what to an invoice, and when."""

from collections.abc import Collection
from decimal import Decimal

from app.accounts.models import User
from app.extensions import db
from app.invoices.models import Invoice, InvoiceStep
from app.lib.money import shown

_FIELDS = {
    "customer_id": "the customer",
    "issue_date": "the issue date",
    "due_date": "the due date",
    "terms": "the terms",
    "discount_kind": "the discount",
    "discount_value": "the discount",
    "tax_rate": "the tax rate",
    "notes": "the notes",
    "lines": "the lines",
}


def note(invoice: Invoice, text: str, by: User | None = None) -> None:
    """`text` follows the person's name: “recorded a payment of $40.00”. Without one it was the clock or a file.

    The caller flushes.
    """
    db.session.add(InvoiceStep(invoice=invoice, text=text, user_id=by.id if by else None))


def edited(fields: Collection[str], invoice: Invoice, total_before: Decimal) -> str:
    """What an edit of these fields is called, with what it did to the total."""
    *first, last = dict.fromkeys(words for field, words in _FIELDS.items() if field in fields)
    text = f"changed {', '.join(first)} and {last}" if first else f"changed {last}"
    if invoice.total == total_before:
        return text
    return f"{text}; the total went from {money(invoice, total_before)} to {money(invoice, invoice.total)}"


def money(invoice: Invoice, amount: Decimal) -> str:
    return shown(amount, invoice.company.currency.symbol)
