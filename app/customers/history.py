"""Who did what to a customer, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.activity.models import Kind
from app.activity.recording import record
from app.customers.models import Customer

if TYPE_CHECKING:
    from app.customers.records import CustomerData

_FIELDS = {
    "name": "the name",
    "number": "the number",
    "kind": "the type",
    "contact_given_name": "the contact",
    "contact_family_name": "the contact",
    "email": "the e-mail",
    "phone": "the phone",
    "tax_exempt": "the tax exemption",
    "notes": "the notes",
    "locations": "the service locations",
}


def note(customer: Customer, text: str, is_part: bool = False) -> None:
    """An event on a flushed customer, see activity.recording.record. The caller flushes."""
    record(Kind.CUSTOMER, text, customer.company_id, on=customer.subject, is_part=is_part)


def edited(before: CustomerData, after: CustomerData) -> str:
    """What an edit is called that changed at least one field."""
    fields = (words for field, words in _FIELDS.items() if getattr(before, field) != getattr(after, field))
    *first, last = dict.fromkeys(fields)
    return f"changed {', '.join(first)} and {last}" if first else f"changed {last}"
