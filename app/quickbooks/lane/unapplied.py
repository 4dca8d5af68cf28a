"""QuickBooks did not apply a payment to its invoice. Before anybody is told to look for money that is there twice,
the invoice is read: it may have another customer there now (contract section 4.5).
"""

from app.extensions import db
from app.invoices.models import Payment
from app.quickbooks.api.client import Client
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.catalogue import problem
from app.quickbooks.kinds.records import Shelf, link_of, name_of_row
from app.quickbooks.lane import adoption, reading
from app.quickbooks.lane.reading import Absence
from app.quickbooks.mapping.payment import CUSTOMER
from app.quickbooks.models import RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.outbox import outcomes

REFUSED = "cannot_link"  # 620
NOT_APPLIED = "payment_not_applied"  # taken, and all of it is a credit
PROBLEMS = (REFUSED, NOT_APPLIED)


def look(task_id: int, client: Client) -> None:
    """Read the invoice and say why, or send the payment once more. Commits. Raises ApiError."""
    task = db.session.get_one(SyncTask, task_id)
    invoice = _invoice_of(task)
    wrote, wanted = _customers_written(task, invoice), task.wanted
    remote_id = invoice.remote_id if invoice else ""
    db.session.commit()
    remote = reading.one(client, RecordKind.INVOICE, remote_id) if remote_id else Absence.GONE
    task = db.session.get_one(SyncTask, task_id, with_for_update=True)
    # Somebody may have left it out, taken it back, or sent it anew, while QuickBooks was asked.
    if task.state is not TaskState.SKIPPED and task.problem in PROBLEMS and task.wanted == wanted:
        _say(task, remote, wrote)
    db.session.commit()


def _say(task: SyncTask, remote: RemoteRecord | Absence | None, wrote: set[str]) -> None:
    payment, name = _payment_of(task), name_of_row(task)
    if remote is None:
        outcomes.read_later(task, name)
        return
    invoice = _invoice_of(task)
    if payment is None or invoice is None or isinstance(remote, Absence) or invoice.remote_id != remote["Id"]:
        outcomes.park(task, problem(task.problem), name)
        return
    adoption.seen(invoice, remote)
    now_of = remote[CUSTOMER]
    if now_of["value"] in wrote:
        _not_the_customer(task, name)
    elif now_of["value"] == _customer_id(task, payment):
        outcomes.try_again(task, alone=True)
    else:
        outcomes.park(task, problem("invoice_of_another"), name, other=now_of.get("name") or "somebody else")


def _not_the_customer(task: SyncTask, name: str) -> None:
    if task.problem == NOT_APPLIED:
        outcomes.differ(task, task.sent, problem(NOT_APPLIED), name)
    else:
        outcomes.park(task, problem(task.problem), name)


def _customers_written(task: SyncTask, invoice: RemoteLink | None) -> set[str]:
    """Whom the payment was sent for: that of its invoice, as we knew it (kinds/needs.py), or whom it had there."""
    link = link_of(task.connection_id, task.kind, task.record_id)
    known = [link.memory.seen, link.memory.sent] if link else []
    if invoice and task.problem == REFUSED:
        known.append(invoice.memory.seen)
    return {record[CUSTOMER]["value"] for record in known if CUSTOMER in record}


def _payment_of(task: SyncTask) -> Payment | None:
    record = Shelf.load(task.connection_id, [task]).record(task)
    return record if isinstance(record, Payment) else None


def _invoice_of(task: SyncTask) -> RemoteLink | None:
    payment = _payment_of(task)
    if payment is None:
        return None
    return link_of(task.connection_id, RecordKind.INVOICE, payment.invoice_id)


def _customer_id(task: SyncTask, payment: Payment) -> str:
    """Of our own customer there."""
    link = link_of(task.connection_id, RecordKind.CUSTOMER, payment.invoice.customer_id)
    return link.remote_id if link else ""
