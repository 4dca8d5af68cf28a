"""What of a record does not go to QuickBooks whole, in sentences for its page. Reads only."""

from collections.abc import Iterator

from app.customers.models import Customer
from app.invoices.models import Invoice
from app.quickbooks.mapping import values

NAME = f"QuickBooks gets the first {values.NAME_LIMIT} characters of the name."
NOTES = f"QuickBooks gets the first {values.NOTES_LIMIT:,} characters of the notes."
_ROOM = f"{values.EMAIL_LIMIT} characters"
EMAIL = f"QuickBooks has room for {_ROOM} of an e-mail address, so this one does not go there."
EMAIL_OF_INVOICE = (
    f"The e-mail address of the customer is longer than the {_ROOM} that QuickBooks has room for, "
    "so the invoice has none there."
)
PHONE = "QuickBooks has room for {room} characters of a phone number, so {part} goes there."


def shortened(record: Invoice | Customer) -> list[str]:
    return list(_of_invoice(record) if isinstance(record, Invoice) else _of_customer(record))


def _of_invoice(invoice: Invoice) -> Iterator[str]:
    if not values.is_whole_email(invoice.customer.email):
        yield EMAIL_OF_INVOICE


def _of_customer(customer: Customer) -> Iterator[str]:
    if values.name(customer.name) != values.name(customer.name, len(customer.name) * 2):
        yield NAME
    if values.prose(customer.notes, values.NOTES_LIMIT) != values.prose(customer.notes, len(customer.notes)):
        yield NOTES
    if not values.is_whole_email(customer.email):
        yield EMAIL
    if not values.is_whole_phone(customer.phone):
        part = values.phone(customer.phone)
        yield PHONE.format(room=values.PHONE_LIMIT, part=f"only {part}" if part else "none of this one")
