"""What a refund is in QuickBooks: a RefundReceipt, found among those of its day. Its number has a piece of a mark,
which a restore forgets. One that somebody has entered there names no invoice, so a person says what it is.
"""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.invoices.models import Refund
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.catalogue import keys
from app.quickbooks.kinds.money_record import MoneyRecord, as_it_went
from app.quickbooks.kinds.needs import Needs
from app.quickbooks.kinds.operations import Operation, Situation, end, write
from app.quickbooks.kinds.recognition import (
    Candidates,
    Claim,
    InTheWay,
    Lookalike,
    Recognition,
    customer_and_day,
    has_unknown_mark,
    if_same_money,
    is_marked,
    same_money,
)
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.identity import Identity
from app.quickbooks.mapping.money_record import is_over, proof_in
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.mapping.refund import REFUND_ITEM, doc_number, invoice_in, note, refund_body
from app.quickbooks.models import RecordKind, SyncTask

NUMBER, NOTE = "DocNumber", "PrivateNote"


class Refunds(MoneyRecord[Refund]):
    key = RecordKind.REFUND
    model = Refund
    loader = select(Refund).options(selectinload(Refund.invoice))
    identity = Identity("TxnDate")

    def name_there(self, record: Refund, task: SyncTask) -> str:
        return record.refunded_on.isoformat()

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
        if at.link:
            body = as_it_went(body, at.link.memory)
        return write(self.key, body, at, record.amount)

    def claim(self, record: Refund, task: SyncTask, refs: Refs | None) -> Claim:
        told = {NUMBER: doc_number(record, task.mark), NOTE: note(record, task.mark)}
        fields = customer_and_day(refs, record.refunded_on) | told
        return Claim(fields, record.amount, task.mark, is_over(record))

    def may_be(self, claim: Claim, remote: RemoteRecord) -> bool:
        """A day may have others."""
        return same_money(claim, remote) or is_marked(claim, remote) or _is_numbered(claim, remote)

    def judge(self, claim: Claim, candidates: Candidates) -> Recognition:
        """Its number has a piece of its mark; one from before there were marks has neither. The very same money of
        the same invoice with a mark that nobody here knows is from a database that was restored since.
        """
        numbered = [remote for remote in candidates.free if _is_numbered(claim, remote)]
        marked = (
            [remote for remote in candidates.free if is_marked(claim, remote)] if claim.mark else numbered
        )
        if marked:
            return if_same_money(claim, marked)
        if numbered:
            return InTheWay("money_contradicts", numbered)
        forgotten = (
            remote
            for remote in candidates.free
            if same_money(claim, remote)
            and invoice_in(claim.fields[NOTE]) == invoice_in(str(remote.get(NOTE, "")))
            and has_unknown_mark(candidates.connection_id, self.key, remote)
        )
        if found := next(forgotten, None):
            return Lookalike(found)
        by_hand = [
            remote
            for remote in candidates.free
            if same_money(claim, remote) and not proof_in(str(remote.get(NOTE, "")))
        ]
        return InTheWay(keys.REFUND_ENTERED, by_hand) if by_hand else None


def _is_numbered(claim: Claim, remote: RemoteRecord) -> bool:
    return str(remote.get(NUMBER, "")).casefold() == claim.fields[NUMBER].casefold()
