"""What we can mend ourselves, before the row is sent again (domain: fixed once, then pushed again)."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select

from app.extensions import db
from app.invoices.models import Invoice, Payment, Refund
from app.quickbooks import outbox
from app.quickbooks.api.client import Client
from app.quickbooks.catalogue import problem
from app.quickbooks.kinds.records import Shelf, links_of, name_of
from app.quickbooks.lane import adoption, reading
from app.quickbooks.lane.fences import stopping
from app.quickbooks.lane.reading import Absence
from app.quickbooks.mapping.money import is_over
from app.quickbooks.mapping.refund import REFUND_ITEM
from app.quickbooks.mapping.values import name_key
from app.quickbooks.models import Item, RecordKind, SyncTask, TaskState
from app.quickbooks.outbox import outcomes

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
        with stopping([task_id]):
            _repair(task_id, client())
        if not go_on():
            return False
    return True


def _repair(task_id: int, client: Client) -> None:
    task = db.session.get_one(SyncTask, task_id)
    link = Shelf.load(task.connection_id, [task]).link(task)
    kind, remote_id = task.kind, link.remote_id if link else None
    db.session.commit()
    remote = reading.one(client, kind, remote_id) if remote_id else None
    task = db.session.get_one(SyncTask, task_id, with_for_update=True)
    if task.state is not TaskState.SKIPPED:  # somebody may have left it out while QuickBooks was asked
        _mend(task, remote_id, remote)
    db.session.commit()


def _mend(task: SyncTask, remote_id: str | None, remote: dict | Absence | None) -> None:
    match remote:
        case _ if remote_id is None:
            _release_references(task)
        case None:
            record = Shelf.load(task.connection_id, [task]).record(task)
            outcomes.read_later(task, name_of(record, task.kind))
        case Absence.GONE:
            _gone(task)
        case _:
            _refresh(task, remote)


def _refresh(task: SyncTask, remote: dict) -> None:
    """The link knows what QuickBooks has at present; planning asks where that would be overwritten."""
    adoption.link(task, remote)
    if task.problem == REFERENCE:
        _queue_references(task)
    task.problem = ""


def _gone(task: SyncTask) -> None:
    """Our record was deleted in QuickBooks: never made again without being asked, and just right for money that is
    over.
    """
    shelf = Shelf.load(task.connection_id, [task])
    record, link = shelf.record(task), shelf.link(task)
    if link and isinstance(record, Payment | Refund) and is_over(record):
        link.memory = replace(link.memory, over=True, applied={})
        outcomes.reach(task, task.wanted)
    else:
        outcomes.park(task, problem("remote_deleted"), name_of(record, task.kind))


def _release_references(task: SyncTask) -> None:
    _queue_references(task)
    task.problem = ""


def _queue_references(task: SyncTask) -> None:
    """Push what the record names again, which makes it active or says what is wrong with it, and wait for it."""
    match Shelf.load(task.connection_id, [task]).record(task):
        case Invoice() as invoice:
            names, first = [line.item for line in invoice.lines], (RecordKind.CUSTOMER, invoice.customer_id)
        case Payment(invoice=invoice):
            names, first = [], (RecordKind.INVOICE, invoice.id)
        case Refund(invoice=invoice):
            names, first = [REFUND_ITEM], (RecordKind.CUSTOMER, invoice.customer_id)
        case _:
            return
    items = db.session.scalars(
        select(Item.id).where(
            Item.connection_id == task.connection_id, Item.name_key.in_({name_key(name) for name in names})
        )
    )
    outbox.queue(task.connection_id, RecordKind.ITEM, items)
    for kind, record_id in {first, (RecordKind.CUSTOMER, invoice.customer_id)}:
        outbox.queue(task.connection_id, kind, [record_id])
    for link in links_of(task.connection_id, first[0], [first[1]]).values():
        link.memory = replace(link.memory, in_doubt=True)
    needed = outbox.task_for(task.connection_id, *first)
    task.waits_for_id = needed.id if needed else None
