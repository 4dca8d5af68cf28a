"""Whether QuickBooks' books can take a transaction at all: its day and its currency."""

from datetime import date
from typing import Any

from app.invoices.models import Invoice
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.problems import CannotMap


def check_open(day: date, facts: CompanyFacts) -> None:
    """Held back here, with the day, in place of one refusal after the other (contract section 8.14). Raises
    CannotMap.
    """
    closed = facts.book_close_date
    if closed and day <= closed:
        raise CannotMap("books_closed", day=f"{closed:%B} {closed.day}, {closed.year}")


def check_currency(invoice: Invoice, facts: CompanyFacts) -> None:
    """Without multicurrency QuickBooks would take our dollars for its own pounds, and the totals would agree.
    Raises CannotMap.
    """
    currency = invoice.company.currency
    if currency != facts.home_currency and not facts.multicurrency:
        raise CannotMap("currency_differs", here=currency, there=facts.home_currency)


def currency_ref(invoice: Invoice, facts: CompanyFacts) -> dict[str, Any]:
    """The field for the body, needed with multicurrency only."""
    return {"CurrencyRef": {"value": invoice.company.currency}} if facts.multicurrency else {}
