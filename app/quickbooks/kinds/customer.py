"""What a customer is in QuickBooks: a Customer, found by its name."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.activity.models import Subject
from app.customers.models import Customer
from app.quickbooks.catalogue import keys
from app.quickbooks.kinds.kind import Kind, Problem
from app.quickbooks.kinds.operations import Operation, Situation, write
from app.quickbooks.kinds.recognition import Candidates, Claim, InTheWay, Recognition, first
from app.quickbooks.mapping import values
from app.quickbooks.mapping.customer import customer_body, same_contact
from app.quickbooks.mapping.identity import Identity
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.models import RecordKind, SyncTask
from app.quickbooks.models.answers import Answer


class Customers(Kind[Customer]):
    key = RecordKind.CUSTOMER
    model = Customer
    loader = select(Customer).options(selectinload(Customer.locations))
    order = 0
    identity = Identity("DisplayName", values.customer_key, is_unique=True)
    content = ("PrimaryEmailAddr", "PrimaryPhone", "BillAddr")
    is_queued_by_need = True

    def name(self, record: Customer) -> str:
        return f"Customer {record.name}"

    def subject(self, record: Customer) -> Subject:
        return record.subject

    def name_there(self, record: Customer, task: SyncTask) -> str:
        """A person may have given it another name there."""
        return values.name(Answer.from_json(task.answer).name_there(record.name))

    def symbol(self, record: Customer) -> str:
        return record.company.currency.symbol

    def operation(self, record: Customer, at: Situation) -> Operation | None:
        body = customer_body(record) | {"DisplayName": self.name_there(record, at.task)}
        return write(self.key, body, at)

    def claim(self, record: Customer, task: SyncTask, refs: Refs | None) -> Claim:
        return Claim(customer_body(record))

    def judge(self, claim: Claim, candidates: Candidates) -> Recognition:
        """The same name is ours unless the contact contradicts."""
        if not candidates.free:
            return InTheWay("name_taken_linked", candidates.found) if candidates.found else None
        agreeing = (remote for remote in candidates.free if same_contact(claim.fields, remote))
        return first(agreeing) or InTheWay(keys.CONTRADICTS, candidates.free)

    def taken(self, connection_id: int, remote_id: str) -> Problem:
        return "name_taken_linked", {}
