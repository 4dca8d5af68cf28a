"""What a payment is in QuickBooks: a Payment, found among those of its day, for it has no number to ask for."""

from decimal import Decimal

from sqlalchemy import exists, func, select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.invoices.models import Payment
from app.lib.money import ZERO
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds.kind import Problem
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
    first,
    if_same_money,
    is_marked,
    same_money,
)
from app.quickbooks.mapping import remembering
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.fields import LINES, TOTAL
from app.quickbooks.mapping.identity import Identity
from app.quickbooks.mapping.money_record import is_over, proof_in
from app.quickbooks.mapping.payment import (
    CUSTOMER,
    NUMBER,
    NUMBER_LENGTH,
    applied,
    applied_to,
    number_of,
    payment_body,
    same_check,
)
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.mapping.voids import is_void
from app.quickbooks.models import RecordKind, RemoteLink, SyncTask
from app.quickbooks.models.memory import Memory


class Payments(MoneyRecord[Payment]):
    key = RecordKind.PAYMENT
    model = Payment
    loader = select(Payment).options(selectinload(Payment.invoice))
    identity = Identity("TxnDate")  # neither its number nor its note can be queried (contract section 2.6)
    problem_if_gone = "payment_voided_there"

    def name_there(self, record: Payment, task: SyncTask) -> str:
        return record.received_on.isoformat()

    def named(self, record: Payment) -> Needs:
        return Needs(record.invoice.customer_id, invoice=record.invoice, pays=True)

    def needs(self, record: Payment, facts: CompanyFacts) -> Needs | None:
        """A payment that is about to leave this invoice goes first: until then QuickBooks shows too little left to
        pay.
        """
        if is_over(record):
            return None
        invoice = record.invoice
        return Needs(invoice.customer_id, invoice=invoice, free_invoice_id=invoice.id, pays=True)

    def operation(self, record: Payment, at: Situation) -> Operation | None:
        """A void payment stays in QuickBooks, with zeros."""
        if is_over(record):
            return end("void", self.key, at, total=ZERO)
        if at.link and at.link.memory.over:
            raise CannotMap("payment_voided_there")
        if at.refs is None:
            raise CannotMap("nothing_to_send")
        account_id = at.preferences.account_for(record.method)
        body = payment_body(record, at.refs, at.facts, account_id, at.task.mark)
        if at.link:
            body = as_it_went(body, at.link.memory)
        if at.link and _pays_as_before(at.link.memory, at.refs):
            body |= _customer(at.link.memory, at.refs.customer_id, at.consent.everything)
        elif at.link and _has_anothers_customer(at.link.memory, at.refs):
            at.link.memory = remembering.untaken(at.link.memory, CUSTOMER)
        return write(self.key, body, at, record.amount)

    def claim(self, record: Payment, task: SyncTask, refs: Refs | None) -> Claim:
        lines = applied_to(refs.invoice_id, record.amount) if refs else {}
        number = {NUMBER: number_of(record)}
        fields = customer_and_day(refs, record.received_on) | lines | number
        return Claim(fields, record.amount, task.mark, is_over(record))

    def may_be(self, claim: Claim, remote: RemoteRecord) -> bool:
        """A busy day has hundreds of others."""
        return same_money(claim, remote) or is_marked(claim, remote)

    def judge(self, claim: Claim, candidates: Candidates) -> Recognition:
        """Of the same money, the one with the same check number comes first; one with another may be another. Ours
        may be there and void already: somebody voided it before we knew of it, and is asked. The one that a person
        had recorded again is set apart (outbox/answers.py).
        """
        standing = [remote for remote in candidates.free if not is_void(remote)]
        if marked := [remote for remote in standing if is_marked(claim, remote)]:
            return if_same_money(claim, marked)
        number = claim.fields.get(NUMBER) or ""
        same = [
            remote
            for remote in standing
            if same_money(claim, remote)
            and applied(remote) == applied(claim.fields)
            and _is_nobodys(candidates.connection_id, remote, number)
        ]
        same.sort(key=lambda remote: remote.get(NUMBER) != number)
        alike = next((one for one in same if same_check(number, one.get(NUMBER) or "")), None)
        if alike:
            return Lookalike(alike)
        if same:
            return InTheWay("check_number_differs", same)
        return first(remote for remote in candidates.free if is_void(remote) and is_marked(claim, remote))

    def disagreement(self, body: RemoteRecord, total: Decimal | None, remote: RemoteRecord) -> Problem | None:
        """QuickBooks keeps as credit the part that the invoice no longer owed; all of it where the invoice may not
        even be that customer's any more.
        """
        found = super().disagreement(body, total, remote)
        if found or total is None or not self.untaken(body, remote):
            return found
        paid = sum(applied(remote).values())
        if not paid:
            return "payment_not_applied", {}
        return "payment_unapplied", {"rest": total - paid, "here": total}

    def untaken(self, body: RemoteRecord, remote: RemoteRecord) -> str:
        """Applied to other invoices it was moved by somebody, and stays there. An update that said nothing of lines
        (an older version sent such ones) may have taken it off.
        """
        paid = sum(applied(remote).values())
        if LINES in body:
            return LINES if paid < sum(applied(body).values()) else ""
        is_off = "Id" in body and not paid and bool(remote.get(TOTAL))
        return LINES if is_off else ""


def _pays_as_before(memory: Memory, refs: Refs) -> bool:
    """It belongs to the invoice that it belonged to when we wrote it."""
    return applied(memory.sent).keys() == {refs.invoice_id}


def _customer(memory: Memory, of_invoice: str, writes_all: bool) -> RemoteRecord:
    """The field of the body: with the customer that we wrote it stays, whatever the invoice has now. Nothing is
    written where a bookkeeper moved both.
    """
    sent, seen = memory.sent.get(CUSTOMER), memory.seen.get(CUSTOMER)
    shown = seen["value"] if seen else None
    if sent and (sent["value"] == shown or (shown == of_invoice and not writes_all)):
        return {CUSTOMER: sent}
    return {}


def _has_anothers_customer(memory: Memory, refs: Refs) -> bool:
    """We wrote it, and a bookkeeper gave it to another customer than the invoice has that it is to pay now."""
    return CUSTOMER in memory.sent and memory.seen.get(CUSTOMER, {}).get("value") != refs.customer_id


def _is_nobodys(connection_id: int, remote: RemoteRecord, number: str) -> bool:
    """No other row here has its mark, and no other payment of its invoice its check number. A mark that nobody here
    knows is from a database that was restored since.
    """
    mark = proof_in(str(remote.get("PrivateNote", "")))
    marked = exists().where(SyncTask.connection_id == connection_id, SyncTask.mark == mark)
    if mark and db.session.scalar(select(marked)):
        return False
    there = remote.get(NUMBER)
    numbered = exists().where(
        RemoteLink.connection_id == connection_id,
        RemoteLink.kind == RecordKind.INVOICE,
        RemoteLink.remote_id.in_(applied(remote)),
        Payment.invoice_id == RemoteLink.record_id,
        Payment.amount == remote.get("TotalAmt"),
        func.left(Payment.reference, NUMBER_LENGTH) == there,
    )
    return there in (None, "", number) or not db.session.scalar(select(numbered))
