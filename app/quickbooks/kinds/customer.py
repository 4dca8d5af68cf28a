"""What a customer is in QuickBooks: a Customer, found by its name."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.activity.models import Subject
from app.customers.models import Customer
from app.quickbooks.kinds.kind import Kind
from app.quickbooks.mapping import values
from app.quickbooks.mapping.identity import Identity
from app.quickbooks.models import RecordKind, SyncTask
from app.quickbooks.models.answers import Answer


class Customers(Kind[Customer]):
    key = RecordKind.CUSTOMER
    model = Customer
    loader = select(Customer).options(selectinload(Customer.locations))
    order = 0
    identity = Identity("DisplayName", values.customer_key, is_unique=True)

    def name(self, record: Customer) -> str:
        return f"Customer {record.name}"

    def subject(self, record: Customer) -> Subject:
        return record.subject

    def name_there(self, record: Customer, task: SyncTask) -> str:
        """A person may have given it another name there."""
        return values.name(Answer.from_json(task.answer).name_there(record.name))

    def symbol(self, record: Customer) -> str:
        return record.company.currency.symbol
