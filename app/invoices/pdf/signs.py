"""What of an invoice's texts the paper cannot show."""

from collections.abc import Iterator

from app.invoices.models import Invoice
from app.invoices.pdf.typeface import lacking

AT_MOST = 20


def unprintable(invoice: Invoice) -> str:
    signs = lacking("\n".join(_texts(invoice)))
    return f"{signs[:AT_MOST]}…" if len(signs) > AT_MOST else signs


def _texts(invoice: Invoice) -> Iterator[str]:
    """All that people typed of what document.py prints."""
    company, customer = invoice.company, invoice.customer
    yield from (company.name, company.address, company.tax_number)
    yield from (customer.name, *customer.bill_to)
    yield from (invoice.place.label, *invoice.place.lines)
    yield from (invoice.number, invoice.replaces.number if invoice.replaces else "")
    for line in invoice.lines:
        yield from (line.item, line.description)
    yield invoice.notes
