"""What an invoice is in QuickBooks: an Invoice, found by its number."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.activity.models import Subject
from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus
from app.lib.money import ZERO
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.catalogue import keys
from app.quickbooks.kinds import comparison
from app.quickbooks.kinds.comparison import RemoteInvoice, Yardstick
from app.quickbooks.kinds.kind import Kind, Problem
from app.quickbooks.kinds.needs import Needs
from app.quickbooks.kinds.operations import DAY, Operation, Situation, end, write
from app.quickbooks.kinds.recognition import (
    Candidates,
    Claim,
    InTheWay,
    Recognition,
    customer_and_day,
    first,
    same_customer_and_day,
)
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.identity import Identity
from app.quickbooks.mapping.invoice import invoice_body, item_names
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.mapping.voids import is_void
from app.quickbooks.models import SYNCABLE, Connection, RecordKind, RemoteLink, SyncTask
from app.quickbooks.models.differences import Aspect, Difference

FIELDS = {Aspect.NUMBER: "DocNumber", Aspect.DATE: DAY, Aspect.CUSTOMER: "CustomerRef"}


class Invoices(Kind[Invoice]):
    key = RecordKind.INVOICE
    model = Invoice
    loader = select(Invoice).options(
        selectinload(Invoice.lines), selectinload(Invoice.customer).selectinload(Customer.locations)
    )
    order = 1
    identity = Identity("DocNumber")
    content = ("CustomerRef", "TxnDate", "Line")
    is_previewed = True

    def name(self, record: Invoice) -> str:
        return f"Invoice {record.number}"

    def subject(self, record: Invoice) -> Subject:
        return record.subject

    def name_there(self, record: Invoice, task: SyncTask) -> str:
        return record.number

    def symbol(self, record: Invoice) -> str:
        return record.company.currency.symbol

    def named(self, record: Invoice) -> Needs:
        return Needs(record.customer_id, [line.item for line in record.lines])

    def needs(self, record: Invoice, facts: CompanyFacts) -> Needs:
        """QuickBooks refuses to void one while a payment is applied."""
        is_ended = record.status is InvoiceStatus.VOID
        return Needs(
            record.customer_id,
            item_names(record, facts),
            free_invoice_id=record.id if is_ended else None,
        )

    def may_go(self, record: Invoice) -> bool:
        """One that was disputed while it waited goes through the reissue workflow."""
        return record.status in SYNCABLE

    def operation(self, record: Invoice, at: Situation) -> Operation | None:
        """A void invoice that QuickBooks lacks is created and then voided, so that its number is accounted for."""
        if not self.may_go(record):
            return None
        is_ended = record.status is InvoiceStatus.VOID
        if at.link and is_ended:
            return end("void", self.key, at, total=ZERO)
        if at.link and at.link.memory.over:
            raise CannotMap("voided_in_quickbooks")
        if at.refs is None:
            raise CannotMap("nothing_to_send")
        operation = write(self.key, invoice_body(record, at.refs, at.facts), at, record.total)
        return replace(operation, void_next=is_ended) if operation else None

    def claim(self, record: Invoice, task: SyncTask, refs: Refs | None) -> Claim:
        fields = customer_and_day(refs, record.issue_date)
        return Claim(fields, record.total, is_over=record.status is InvoiceStatus.VOID)

    def judge(self, claim: Claim, candidates: Candidates) -> Recognition:
        """The same number is ours only with the same customer, day and total. Where ours alone is void, a person
        says whether theirs is to be voided.
        """
        if not candidates.found:
            return None
        if not candidates.free:
            problem, details = self.taken(candidates.connection_id, candidates.found[0]["Id"])
            return InTheWay(problem, candidates.found, details)
        if agreeing := first(remote for remote in candidates.free if _agrees(claim, remote)):
            return agreeing
        standing = [remote for remote in candidates.free if not is_void(remote)]
        if claim.is_over and standing:
            return InTheWay(keys.VOID_HERE, standing)
        return InTheWay("doc_number_taken", candidates.free)

    def taken(self, connection_id: int, remote_id: str) -> Problem:
        """The sentence tells the number that the other invoice has here."""
        linked = select(RemoteLink.record_id).filter_by(
            connection_id=connection_id, kind=self.key, remote_id=remote_id
        )
        number = db.session.scalar(select(Invoice.number).where(Invoice.id == linked.scalar_subquery()))
        return "doc_number_linked", {"other": number or ""}

    def total_there(self, record: Invoice) -> Decimal:
        return record.counted_total

    def differences(self, record: Invoice, link: RemoteLink, connection: Connection) -> list[Difference]:
        changed = [aspect for aspect, name in FIELDS.items() if name in link.memory.before]
        if not changed or DAY not in link.memory.seen:  # an older version remembered less
            return []
        remote = RemoteInvoice.of({**link.memory.seen, "Id": link.remote_id})
        yardstick = Yardstick.of(connection, {record.customer_id})
        found = comparison.differences(record, remote, yardstick)
        return [one for one in found if one.aspect in changed]


def _agrees(claim: Claim, remote: RemoteRecord) -> bool:
    """A void one, whose total is gone there, only with one of ours that is void."""
    same_total = claim.is_over or remote["TotalAmt"] == claim.total
    return is_void(remote) == claim.is_over and same_total and same_customer_and_day(claim, remote)
