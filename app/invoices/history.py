"""Who did what to an invoice, and when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from app.accounts.models import User
from app.activity.models import ActivityKind
from app.activity.recording import Change, differences, edit_in_words, record
from app.invoices.models import Invoice
from app.lib.money import shown

if TYPE_CHECKING:
    from app.invoices.records import InvoiceData

_FIELDS = {
    "customer_id": "the customer",
    "location_id": "the service location",
    "issue_date": "the issue date",
    "due_date": "the due date",
    "terms": "the terms",
    "discount_kind": "the discount",
    "discount_value": "the discount",
    "tax_rate": "the tax rate",
    "notes": "the notes",
    "lines": "the lines",
}
_SHOWN_BOTH_WAYS = {"issue_date": "Issue date", "due_date": "Due date", "tax_rate": "Tax rate %"}


def note(
    invoice: Invoice,
    text: str,
    by: User | None = None,
    changes: Iterable[Change] = (),
    is_part: bool = False,
) -> None:
    """An event on a flushed invoice, see activity.recording.record. The caller flushes."""
    record(
        ActivityKind.INVOICE,
        text,
        invoice.company_id,
        on=invoice.subject,
        by=by,
        changes=changes,
        is_part=is_part,
    )


def edited(fields: Collection[str]) -> str:
    """What an edit of these fields is called."""
    return edit_in_words(_FIELDS, fields)


def changes(before: InvoiceData, after: InvoiceData) -> list[Change]:
    """The days and the tax rate that differ."""
    return differences(_SHOWN_BOTH_WAYS, before, after)


def amount_changes(invoice: Invoice, what: str, before: Decimal, after: Decimal) -> list[Change]:
    """Nothing where the amount stayed."""
    return [Change(what, money(invoice, before), money(invoice, after))] if before != after else []


def money(invoice: Invoice, amount: Decimal) -> str:
    return shown(amount, invoice.company.currency.symbol)
