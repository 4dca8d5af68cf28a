"""Who did what to a customer, and when."""

from collections.abc import Collection

from app.activity.models import ActivityKind
from app.activity.recording import edit_in_words, record
from app.customers.models import Customer

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
    record(ActivityKind.CUSTOMER, text, customer.company_id, on=customer.subject, is_part=is_part)


def edited(fields: Collection[str]) -> str:
    """What an edit of these fields is called."""
    return edit_in_words(_FIELDS, fields)
