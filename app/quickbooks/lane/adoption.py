"""Taking a QuickBooks record for ours: when it is safe, and what to ask when it is not."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sqlalchemy import select, update

from app.customers.models import Customer
from app.extensions import db, now
from app.invoices.models import Invoice, InvoiceStatus, Payment, Refund
from app.quickbooks.kinds.records import Record
from app.quickbooks.lane.dependencies import Refs
from app.quickbooks.mapping import remembering
from app.quickbooks.mapping.customer import same_contact
from app.quickbooks.mapping.invoice import is_void
from app.quickbooks.mapping.money import mark, mark_in
from app.quickbooks.mapping.payment import PaymentRefs, shows
from app.quickbooks.models import RecordKind, RemoteLink, SyncTask
from app.quickbooks.models.memory import Memory
from app.quickbooks.outbox import answers

BALANCE_MOVED = "balance_moved"  # Memory's, for queries
Remember = Callable[[Memory], Memory]


@dataclass(frozen=True)
class Question:
    """Something in QuickBooks is in the way, and only a person knows what it is."""

    problem: str
    found: list[dict[str, Any]]
    details: dict[str, str] = field(default_factory=dict)  # for the problem's sentence


def candidate(
    task: SyncTask, record: Record, found: list[dict[str, Any]], refs: Refs | None
) -> dict[str, Any] | Question | None:
    """The QuickBooks record to adopt, the question to ask, or None when nothing there is in the way.

    A person's answer to link the two counts for more than what contradicts, and one that both keep the number for
    more than what agrees.
    """
    for remote in found:
        if remote["Id"] == task.answer.get("link") and not linked_elsewhere(task, remote["Id"]):
            return remote
    found = [remote for remote in found if remote["Id"] not in answers.others(task)]
    if not found:
        return None
    match record:
        case Customer():
            return _customer(task, record, found)
        case Invoice():
            return _invoice(task, record, found, refs.customer_id if refs else None)
        case Payment():
            return _payment(task, record, found, refs)
        case Refund():
            return next((remote for remote in found if _is_marked(record, remote)), None)
        case _:
            return _item(found)


def link(task: SyncTask, remote: dict[str, Any], remember: Remember | None = None) -> RemoteLink:
    """Write down that our record is this QuickBooks record, with its token and what is to be remembered of it: what
    `remember` makes of it, else what it shows.
    """
    known = db.session.scalar(
        select(RemoteLink).filter_by(
            connection_id=task.connection_id, kind=task.kind, record_id=task.record_id
        )
    )
    known = known or RemoteLink(
        connection_id=task.connection_id, kind=task.kind, record_id=task.record_id, pushed_at=now()
    )
    before = known.memory if known.remote_id in (None, remote["Id"]) else Memory()
    token = remote.get("SyncToken", known.sync_token)  # a deleted one is answered without
    is_moved = known.sync_token not in (None, token)
    known.remote_id, known.sync_token = remote["Id"], token
    known.memory = (
        remember(before) if remember else remembering.learn(before, task.kind, remote, moved=is_moved)
    )
    known.left_different = {}
    db.session.add(known)
    if task.kind is RecordKind.PAYMENT:
        _balances_moved(task.connection_id, before.applied.keys() | known.memory.applied.keys())
    return known


def seen(link: RemoteLink, remote: dict[str, Any]) -> None:
    """QuickBooks was read once more: its version and what it shows are remembered. The caller commits."""
    is_moved = link.sync_token != remote["SyncToken"]
    link.memory = replace(
        remembering.learn(link.memory, link.kind, remote, moved=is_moved), balance_moved=False
    )
    link.sync_token = remote["SyncToken"]


def _balances_moved(connection_id: int, invoice_ids: Collection[str]) -> None:
    """What QuickBooks last showed of these invoices is old: balances.py reads them again."""
    if invoice_ids:
        db.session.execute(
            update(RemoteLink)
            .where(
                RemoteLink.connection_id == connection_id,
                RemoteLink.kind == RecordKind.INVOICE,
                RemoteLink.remote_id.in_(invoice_ids),
            )
            .values(snapshot=RemoteLink.snapshot.concat({BALANCE_MOVED: True}))
            .execution_options(synchronize_session="fetch")
        )


def linked_elsewhere(task: SyncTask, remote_id: str) -> bool:
    other = db.session.scalar(
        select(RemoteLink.id).where(
            RemoteLink.connection_id == task.connection_id,
            RemoteLink.kind == task.kind,
            RemoteLink.remote_id == remote_id,
            RemoteLink.record_id != task.record_id,
        )
    )
    return other is not None


def _customer(task: SyncTask, customer: Customer, found: list[dict[str, Any]]) -> dict[str, Any] | Question:
    if linked_elsewhere(task, found[0]["Id"]):
        return Question("name_taken_linked", found)
    return found[0] if same_contact(customer, found[0]) else Question("name_taken_contradicts", found)


def _item(found: list[dict[str, Any]]) -> dict[str, Any] | Question:
    usable = [remote for remote in found if remote.get("Type") not in ("Category", "Group")]
    return usable[0] if usable else Question("item_name_taken", found)


def _invoice(
    task: SyncTask, invoice: Invoice, found: list[dict[str, Any]], customer_remote_id: str | None
) -> dict[str, Any] | Question:
    """The same number is ours only with the same customer and the same total, and when it is no other's of ours."""
    free = [remote for remote in found if not linked_elsewhere(task, remote["Id"])]
    for remote in free:
        if remote["CustomerRef"]["value"] == customer_remote_id and _same_amount(invoice, remote):
            return remote
    if free:
        return Question("doc_number_taken", free)
    return Question("doc_number_linked", found, {"other": _number_here(task, found[0]["Id"])})


def _number_here(task: SyncTask, remote_id: str) -> str:
    """The number that our invoice has which is linked to this one of QuickBooks'."""
    linked = select(RemoteLink.record_id).filter_by(
        connection_id=task.connection_id, kind=RecordKind.INVOICE, remote_id=remote_id
    )
    return db.session.scalar(select(Invoice.number).where(Invoice.id == linked.scalar_subquery())) or ""


def _payment(
    task: SyncTask, payment: Payment, found: list[dict[str, Any]], refs: Refs | None
) -> dict[str, Any] | None:
    """Ours by its mark; or the very same money, which somebody has recorded for the invoice in QuickBooks."""
    is_same = partial(shows, payment=payment, refs=refs) if isinstance(refs, PaymentRefs) else None
    standing = [one for one in found if not is_void(one) and not linked_elsewhere(task, one["Id"])]
    fitting = (one for one in standing if _is_marked(payment, one) or (is_same and is_same(one)))
    return next(fitting, None)


def _is_marked(record: Payment | Refund, remote: dict[str, Any]) -> bool:
    return mark_in(str(remote.get("PrivateNote", ""))) == mark(record)


def _same_amount(invoice: Invoice, remote: dict[str, Any]) -> bool:
    if is_void(remote):
        return invoice.status is InvoiceStatus.VOID
    return remote["TotalAmt"] == invoice.total
