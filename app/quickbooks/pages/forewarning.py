"""One thing that QuickBooks would make of an invoice, in words (preflight.py)."""

from dataclasses import dataclass

from app.invoices.models import Invoice
from app.quickbooks.catalogue import problem
from app.quickbooks.kinds import KINDS
from app.quickbooks.models import RecordKind

NEW_ITEM = "new_item"


@dataclass(frozen=True)
class Forewarning:
    """`key` names it in the catalogue; what `stops` waits for a person, the rest is good to know."""

    key: str
    sentence: str
    remedy: str
    stops: bool = True
    field: str = ""  # of the invoice form, beside which it is said; empty where none could change it


def told(key: str, field: str, record: str, **details: object) -> Forewarning:
    entry = problem(key)
    sentence, remedy = entry.words(record, **details)
    return Forewarning(key, sentence, entry.beforehand or remedy, field=field)


def invoice_name(invoice: Invoice) -> str:
    return KINDS[RecordKind.INVOICE].name(invoice) if invoice.number else "This invoice"
