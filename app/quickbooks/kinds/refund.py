"""What a refund is in QuickBooks: a RefundReceipt, found by a number of its own."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.invoices.models import Refund
from app.quickbooks.kinds.money_record import MoneyRecord
from app.quickbooks.kinds.needs import Needs
from app.quickbooks.kinds.operations import Operation, Situation, end, write
from app.quickbooks.kinds.recognition import (
    Candidates,
    Claim,
    InTheWay,
    Verdict,
    customer_and_day,
    if_same_money,
    is_marked,
)
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.identity import Identity
from app.quickbooks.mapping.money_record import is_over
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.mapping.refund import REFUND_ITEM, doc_number, refund_body
from app.quickbooks.models import RecordKind, SyncTask


class Refunds(MoneyRecord[Refund]):
    key = RecordKind.REFUND
    model = Refund
    loader = select(Refund).options(selectinload(Refund.invoice))
    identity = Identity("DocNumber")

    def name_there(self, record: Refund, task: SyncTask) -> str:
        return doc_number(record, task.mark)

    def named(self, record: Refund) -> Needs:
        return Needs(record.invoice.customer_id, [REFUND_ITEM])

    def needs(self, record: Refund, facts: CompanyFacts) -> Needs | None:
        """Its receipt does not name the invoice, but makes no sense without it."""
        return None if is_over(record) else replace(self.named(record), invoice=record.invoice)

    def operation(self, record: Refund, at: Situation) -> Operation | None:
        """Refund receipts have no void of their own, so one that is over is deleted (contract section 2.1)."""
        if is_over(record):
            return end("delete", self.key, at)
        if at.refs is None:
            raise CannotMap("nothing_to_send")
        account_id = at.preferences.account_for(record.method)
        body = refund_body(record, at.refs, at.facts, account_id, at.task.mark)
        return write(self.key, body, at, record.amount)

    def claim(self, record: Refund, task: SyncTask, refs: Refs | None) -> Claim:
        return Claim(customer_and_day(refs, record.refunded_on), record.amount, task.mark)

    def judge(self, claim: Claim, candidates: Candidates) -> Verdict:
        """Its number has a piece of its mark; one from before there were marks has neither."""
        marked = [remote for remote in candidates.free if not claim.mark or is_marked(claim, remote)]
        if marked or not candidates.free:
            return if_same_money(claim, marked)
        return InTheWay("money_contradicts", candidates.free)
