"""Somebody changed in QuickBooks what a push is about to overwrite: then a person is asked first."""

from typing import Any

from app.invoices.models import Invoice, InvoiceStatus
from app.quickbooks.catalogue import problem
from app.quickbooks.kinds.comparison import counted_total
from app.quickbooks.kinds.records import Shelf, links_of, name_of
from app.quickbooks.mapping import drift
from app.quickbooks.mapping.invoice import invoice_snapshot
from app.quickbooks.models import RecordKind, SyncTask
from app.quickbooks.outbox import answers, outcomes


def ask_first(
    task: SyncTask, shelf: Shelf, remote: dict[str, Any], sent: drift.Snapshot | None = None
) -> bool:
    """Park the row, with what was changed there, unless a person has seen just that and said to overwrite it.

    `sent` is what an update of unknown outcome wanted to write: finding that in QuickBooks is no conflict.
    """
    invoice, link = shelf.record(task), shelf.link(task)
    if not isinstance(invoice, Invoice) or link is None:
        return False
    present = invoice_snapshot(remote)
    found = drift.changes(link.snapshot, present, [_ours(task, invoice), sent or {}])
    if not found or answers.may_overwrite(task, drift.fingerprint(present)):
        return False
    symbol = invoice.company.currency.symbol
    key = "voided_in_quickbooks" if found[0].field == "voided" else "changed_in_quickbooks"
    told = ", ".join(change.words(symbol) for change in found)
    outcomes.park(task, problem(key), name_of(invoice, task.kind), changes=told)
    return True


def wanted_by(item: dict[str, Any]) -> drift.Snapshot:
    """What a batch item wanted an invoice to become."""
    body = item["body"]
    return {
        "total": item.get("total"),
        "doc_number": body.get("DocNumber"),
        "customer_id": body.get("CustomerRef", {}).get("value"),
    }


def _ours(task: SyncTask, invoice: Invoice) -> drift.Snapshot:
    links = links_of(task.connection_id, RecordKind.CUSTOMER, [invoice.customer_id])
    return {
        "total": counted_total(invoice),
        "doc_number": invoice.number,
        "voided": invoice.status is InvoiceStatus.VOID,
        "customer_id": next((link.remote_id for link in links.values()), None),
    }
