"""What we can mend ourselves, before the row is sent again (domain: fixed once, then pushed again)."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import select

from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.client import Client
from app.quickbooks.catalogue import problem
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.item import known_items
from app.quickbooks.kinds.records import Shelf, links_of, name_of
from app.quickbooks.lane import adoption, reading, unapplied
from app.quickbooks.lane.fences import stopping
from app.quickbooks.lane.reading import Absence
from app.quickbooks.models import RecordKind, SyncTask, TaskState
from app.quickbooks.outbox import outcomes, switches

STALE = "stale"  # 5010: somebody, or a payment, moved the record's version on
REFERENCE = "inactive_reference"  # 610, 2500, 6250: the record, its customer or an item is inactive or gone
MENDED = (STALE, REFERENCE, *unapplied.PROBLEMS)


@reading_for("repair")
def repair_due(connection_id: int, client: Callable[[], Client], go_on: Callable[[], bool]) -> bool:
    """Mend every due row that came back for it; False when `go_on` said no before the last. Commits.
    Raises ApiError and TokenError.
    """
    task_ids = db.session.scalars(
        select(SyncTask.id).where(
            *outbox.due(connection_id),
            SyncTask.problem.in_(MENDED),
            SyncTask.fixes > 0,
        )
    ).all()
    for task_id in task_ids:
        with stopping([task_id]):
            _repair(task_id, client())
        if not go_on():
            return False
    return True


def _repair(task_id: int, client: Client) -> None:
    task = db.session.get_one(SyncTask, task_id)
    if task.problem in unapplied.PROBLEMS:
        unapplied.look(task_id, client)
        return
    kind, remote_id = task.kind, _linked_with(task)
    db.session.commit()
    remote = reading.one(client, kind, remote_id) if remote_id else None
    task = db.session.get_one(SyncTask, task_id, with_for_update=True)
    # Somebody may have left it out, or taken the two apart, while QuickBooks was asked.
    if task.state is not TaskState.SKIPPED and _linked_with(task) == remote_id:
        _mend(task, remote_id, remote)
    db.session.commit()


def _linked_with(task: SyncTask) -> str | None:
    link = Shelf.load(task.connection_id, [task]).link(task)
    return link.remote_id if link else None


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
    """Our record was deleted in QuickBooks: never made again without being asked."""
    shelf = Shelf.load(task.connection_id, [task])
    record, link = shelf.record(task), shelf.link(task)
    if link and record and KINDS[task.kind].may_be_gone(record):
        link.memory = replace(link.memory, over=True, applied={})
        outcomes.reach(task, task.wanted)
    else:
        outcomes.park(task, problem("remote_deleted"), name_of(record, task.kind))


def _release_references(task: SyncTask) -> None:
    _queue_references(task)
    task.problem = ""


def _queue_references(task: SyncTask) -> None:
    """Push what the record names again, which makes it active or says what is wrong with it, and wait for it. What
    is switched off stays, but for a customer, which goes because it is needed.
    """
    record = Shelf.load(task.connection_id, [task]).record(task)
    named = KINDS[task.kind].named(record) if record else None
    if named is None:
        return
    first, *others = [
        (kind, record_id)
        for kind, record_id in named.keys(known_items(task.connection_id, named.item_names))
        if kind is RecordKind.CUSTOMER or not switches.is_off(task.connection, kind)
    ]
    for kind, record_id in sorted([first, *others]):
        outbox.queue(task.connection_id, kind, [record_id])
    for link in links_of(task.connection_id, {first[0]: [first[1]]}).values():
        link.memory = replace(link.memory, in_doubt=True)
    needed = outbox.task_for(task.connection_id, *first)
    task.waits_for_id = needed.id if needed else None
