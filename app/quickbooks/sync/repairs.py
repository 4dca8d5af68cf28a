"""What we can mend ourselves, before the row is sent again (domain: fixed once, then pushed again)."""

from collections.abc import Callable

from sqlalchemy import select

from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks.api.client import Client
from app.quickbooks.api.errors import Refused
from app.quickbooks.catalogue import problem
from app.quickbooks.mapping.values import name_key
from app.quickbooks.models import Item, RecordKind, SyncTask
from app.quickbooks.sync import adoption, conflicts, outbox, outcomes
from app.quickbooks.sync.records import Shelf, name_of

STALE = "stale"  # 5010: somebody, or a payment, moved the record's version on
REFERENCE = "inactive_reference"  # 610, 2500, 6250: the record, its customer or an item is inactive or gone


def repair_due(connection_id: int, client: Callable[[], Client], go_on: Callable[[], bool]) -> bool:
    """Mend every due row that came back for it; False when `go_on` said no before the last. Commits.
    Raises ApiError and TokenError.
    """
    task_ids = db.session.scalars(
        select(SyncTask.id).where(
            *outbox.due(connection_id), SyncTask.problem.in_((STALE, REFERENCE)), SyncTask.fixes > 0
        )
    ).all()
    db.session.commit()
    for task_id in task_ids:
        _repair(task_id, client())
        if not go_on():
            return False
    return True


def _repair(task_id: int, client: Client) -> None:
    task = db.session.get_one(SyncTask, task_id)
    link = Shelf.load(task.connection_id, [task]).link(task)
    entity, remote_id = task.kind.entity, link.remote_id if link else None
    db.session.commit()
    if remote_id is None:
        _release_references(task_id)
        return
    try:
        remote = client.read(entity, remote_id)
    except Refused:
        _gone(task_id)
        return
    _refresh(task_id, remote)


def _refresh(task_id: int, remote: dict) -> None:
    """The link's token and snapshot are QuickBooks' present ones, unless somebody's change there would be lost;
    a payment is no such change.
    """
    task = db.session.get_one(SyncTask, task_id, with_for_update=True)
    if not conflicts.ask_first(task, Shelf.load(task.connection_id, [task]), remote):
        adoption.link(task, remote)
        if task.problem == REFERENCE:
            _queue_references(task)
        task.problem = ""
    db.session.commit()


def _gone(task_id: int) -> None:
    """Our record was deleted in QuickBooks: never made again without being asked."""
    task = db.session.get_one(SyncTask, task_id, with_for_update=True)
    shelf = Shelf.load(task.connection_id, [task])
    outcomes.park(task, problem("remote_deleted"), name_of(shelf.record(task), task.kind))
    db.session.commit()


def _release_references(task_id: int) -> None:
    task = db.session.get_one(SyncTask, task_id, with_for_update=True)
    _queue_references(task)
    task.problem = ""
    db.session.commit()


def _queue_references(task: SyncTask) -> None:
    """Push an invoice's customer and items again, which makes them active; the invoice waits for its customer."""
    invoice = db.session.get(Invoice, task.record_id) if task.kind is RecordKind.INVOICE else None
    if invoice is None:
        return
    keys = {name_key(line.item) for line in invoice.lines}
    items = db.session.scalars(
        select(Item.id).where(Item.connection_id == task.connection_id, Item.name_key.in_(keys))
    )
    outbox.queue(task.connection_id, RecordKind.ITEM, items)
    outbox.queue(task.connection_id, RecordKind.CUSTOMER, [invoice.customer_id])
    customer = outbox.task_for(task.connection_id, RecordKind.CUSTOMER, invoice.customer_id)
    task.waits_for_id = customer.id if customer else None
