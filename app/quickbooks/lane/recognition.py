"""Is a record in QuickBooks ours, may it be taken for ours, or must a person say? One set of rules, for what is
about to be created and for what was sent when its answer was lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, select

from app.customers.models import Customer
from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus, Payment, Refund
from app.quickbooks.kinds import Record
from app.quickbooks.lane.adoption import linked_elsewhere, number_here
from app.quickbooks.lane.dependencies import Refs
from app.quickbooks.mapping.customer import customer_body, same_contact
from app.quickbooks.mapping.invoice import is_void
from app.quickbooks.mapping.money import proof_in
from app.quickbooks.mapping.payment import PaymentRefs, applied, applied_to
from app.quickbooks.models import RecordKind, SyncTask
from app.quickbooks.outbox import answers

Remote = dict[str, Any]


@dataclass(frozen=True)
class Claim:
    """What a record of QuickBooks is compared with: fields as they are spelled there."""

    fields: Remote = field(default_factory=dict)
    total: Decimal | None = None
    mark: str = ""
    is_void: bool = False

    @classmethod
    def of_record(cls, task: SyncTask, record: Record, refs: Refs | None) -> "Claim":
        """What we would send now."""
        customer = {"CustomerRef": {"value": refs.customer_id}} if refs else {}
        match record:
            case Customer():
                return cls(customer_body(record))
            case Invoice(issue_date=day, total=total, status=status):
                return cls(
                    customer | {"TxnDate": day.isoformat()}, total, is_void=status is InvoiceStatus.VOID
                )
            case Payment(received_on=day, amount=amount):
                lines = applied_to(refs.invoice_id, amount) if isinstance(refs, PaymentRefs) else {}
                return cls(customer | {"TxnDate": day.isoformat()} | lines, amount, task.mark)
            case Refund(refunded_on=day, amount=amount):
                return cls(customer | {"TxnDate": day.isoformat()}, amount, task.mark)
            case _:
                return cls()

    @classmethod
    def of_item(cls, item: dict[str, Any]) -> "Claim":
        """What was sent; a bare id in its note, as we once wrote them, is no mark."""
        body = item["body"]
        return cls(body, item.get("total"), proof_in(body.get("PrivateNote", "")), bool(item.get("then")))


@dataclass(frozen=True)
class Ours:
    """It carries our mark, or nothing contradicts it; or a person has said so."""

    remote: Remote


@dataclass(frozen=True)
class Lookalike:
    """The very same money without our mark: somebody has recorded it there. It is taken for ours only when nothing
    of ours can be on its way.
    """

    remote: Remote


@dataclass(frozen=True)
class Question:
    """It is in the way, and only a person knows what it is."""

    problem: str
    found: Sequence[Remote]
    details: dict[str, str] = field(default_factory=dict)  # for the problem's sentence


Verdict = Ours | Lookalike | Question | None


def judge(task: SyncTask, claim: Claim, found: Sequence[Remote]) -> Verdict:
    """Of the records with its name, number or day; None when none is in the way.

    A person's answer to link the two counts for more than what contradicts, and one that both keep the number for
    more than what agrees.
    """
    answer = answers.of(task)
    found = [remote for remote in found if remote["Id"] not in answer.others]
    free = [remote for remote in found if not linked_elsewhere(task, remote["Id"])]
    for remote in free:
        if remote["Id"] == answer.link:
            return Ours(remote)
    match task.kind:
        case RecordKind.CUSTOMER:
            return _customer(claim, found, free)
        case RecordKind.ITEM:
            return _item(found)
        case RecordKind.INVOICE:
            return _invoice(task, claim, found, free)
        case RecordKind.PAYMENT:
            return _payment(task, claim, [remote for remote in free if not is_void(remote)])
        case RecordKind.REFUND:
            return _refund(claim, free)


def _customer(claim: Claim, found: Sequence[Remote], free: Sequence[Remote]) -> Verdict:
    if not free:
        return Question("name_taken_linked", found) if found else None
    agreeing = (remote for remote in free if same_contact(claim.fields, remote))
    return _first(agreeing) or Question("name_taken_contradicts", free)


def _item(found: Sequence[Remote]) -> Verdict:
    """Two of our names may mean one item there."""
    usable = (remote for remote in found if remote.get("Type") not in ("Category", "Group"))
    return _first(usable) or (Question("item_name_taken", found) if found else None)


def _invoice(task: SyncTask, claim: Claim, found: Sequence[Remote], free: Sequence[Remote]) -> Verdict:
    """The same number is ours only with the same customer, day and total; a void one only for one of ours that is
    void, whose total is gone there.
    """
    if not free:
        return _linked_number(task, found) if found else None
    agreeing = (
        remote
        for remote in free
        if (claim.is_void if is_void(remote) else remote["TotalAmt"] == claim.total)
        and _same_customer_and_day(claim, remote)
    )
    return _first(agreeing) or Question("doc_number_taken", free)


def _linked_number(task: SyncTask, found: Sequence[Remote]) -> Question:
    return Question("doc_number_linked", found, {"other": number_here(task, found[0]["Id"])})


def _payment(task: SyncTask, claim: Claim, standing: Sequence[Remote]) -> Verdict:
    """A void one is an earlier one, which was made again."""
    if marked := [remote for remote in standing if _is_marked(claim, remote)]:
        return _if_same_money(claim, marked)
    for remote in standing:
        same = _same_money(claim, remote) and applied(remote) == applied(claim.fields)
        if same and _is_nobodys(task, remote):
            return Lookalike(remote)
    return None


def _refund(claim: Claim, free: Sequence[Remote]) -> Verdict:
    """Found by its number, which has a piece of its mark; one from before there were marks has neither."""
    marked = [remote for remote in free if not claim.mark or _is_marked(claim, remote)]
    if marked or not free:
        return _if_same_money(claim, marked)
    return Question("money_contradicts", free)


def _if_same_money(claim: Claim, marked: Sequence[Remote]) -> Verdict:
    same = (remote for remote in marked if _same_money(claim, remote))
    return _first(same) or (Question("money_contradicts", marked) if marked else None)


def _same_money(claim: Claim, remote: Remote) -> bool:
    return remote.get("TotalAmt") == claim.total and _same_customer_and_day(claim, remote)


def _same_customer_and_day(claim: Claim, remote: Remote) -> bool:
    customer, day = claim.fields.get("CustomerRef"), claim.fields.get("TxnDate")
    same_customer = customer is None or remote["CustomerRef"]["value"] == customer["value"]
    return same_customer and remote.get("TxnDate") == day


def _is_marked(claim: Claim, remote: Remote) -> bool:
    return bool(claim.mark) and proof_in(str(remote.get("PrivateNote", ""))) == claim.mark


def _is_nobodys(task: SyncTask, remote: Remote) -> bool:
    """No other row here has its mark. A mark that nobody here knows is from a database that was restored since."""
    mark = proof_in(str(remote.get("PrivateNote", "")))
    owner = exists().where(SyncTask.connection_id == task.connection_id, SyncTask.mark == mark)
    return not mark or not db.session.scalar(select(owner))


def _first(remotes: Any) -> Ours | None:
    remote = next(iter(remotes), None)
    return Ours(remote) if remote else None
