"""What an invoice is in QuickBooks: an Invoice, found by its number."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.activity.models import Subject
from app.customers.models import Customer
from app.invoices.models import Invoice
from app.quickbooks.kinds.kind import Kind
from app.quickbooks.mapping.identity import Identity
from app.quickbooks.models import RecordKind, SyncTask


class Invoices(Kind[Invoice]):
    key = RecordKind.INVOICE
    model = Invoice
    loader = select(Invoice).options(
        selectinload(Invoice.lines), selectinload(Invoice.customer).selectinload(Customer.locations)
    )
    order = 1
    identity = Identity("DocNumber")

    def name(self, record: Invoice) -> str:
        return f"Invoice {record.number}"

    def subject(self, record: Invoice) -> Subject:
        return record.subject

    def name_there(self, record: Invoice, task: SyncTask) -> str:
        return record.number

    def symbol(self, record: Invoice) -> str:
        return record.company.currency.symbol
