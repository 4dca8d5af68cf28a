"""Taking a QuickBooks record for ours: when it is safe, and what to ask when it is not."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.customers.models import Customer
from app.extensions import db, now
from app.invoices.models import Invoice, InvoiceStatus
from app.quickbooks.mapping.customer import customer_snapshot, same_contact
from app.quickbooks.mapping.invoice import invoice_snapshot, is_void
from app.quickbooks.models import RecordKind, RemoteLink, SyncTask
from app.quickbooks.sync import answers
from app.quickbooks.sync.records import Record


@dataclass(frozen=True)
class Question:
    """Something in QuickBooks is in the way, and only a person knows what it is."""

    problem: str
    found: list[dict[str, Any]]


def candidate(
    task: SyncTask, record: Record, found: list[dict[str, Any]], customer_remote_id: str | None
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
            return _invoice(record, found, customer_remote_id)
        case _:
            return _item(found)


def link(task: SyncTask, remote: dict[str, Any]) -> RemoteLink:
    """Write down that our record is this QuickBooks record, with its token and what it showed."""
    known = db.session.scalar(
        select(RemoteLink).filter_by(
            connection_id=task.connection_id, kind=task.kind, record_id=task.record_id
        )
    )
    known = known or RemoteLink(
        connection_id=task.connection_id, kind=task.kind, record_id=task.record_id, pushed_at=now()
    )
    known.remote_id, known.sync_token = remote["Id"], remote["SyncToken"]
    ours = (known.snapshot or {}).get("ours", [])  # the fields we filled in (mapping/clearing.py)
    known.snapshot = snapshot(task.kind, remote) | {"ours": ours}
    known.left_different = {}
    db.session.add(known)
    return known


def snapshot(kind: RecordKind, remote: dict[str, Any]) -> dict[str, Any]:
    match kind:
        case RecordKind.INVOICE:
            return invoice_snapshot(remote)
        case RecordKind.CUSTOMER:
            return customer_snapshot(remote)
        case _:
            return {"name": remote.get("Name", "")}


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
    invoice: Invoice, found: list[dict[str, Any]], customer_remote_id: str | None
) -> dict[str, Any] | Question:
    """The same number is ours only with the same customer and the same total."""
    for remote in found:
        if remote["CustomerRef"]["value"] == customer_remote_id and _same_amount(invoice, remote):
            return remote
    return Question("doc_number_taken", found)


def _same_amount(invoice: Invoice, remote: dict[str, Any]) -> bool:
    if is_void(remote):
        return invoice.status is InvoiceStatus.VOID
    return remote["TotalAmt"] == invoice.total
