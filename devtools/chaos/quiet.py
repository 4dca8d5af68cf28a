"""Waiting until nothing is on its way any more, and doing what an Owner would do about what stands still."""

import time
from dataclasses import dataclass, field

from sqlalchemy import select

from app.extensions import db
from app.quickbooks.models import BatchState, Connection, ConnectionState, PushBatch, SyncTask, TaskState
from app.quickbooks.outbox import backlog
from devtools.chaos.scene import Scene, Tenant, connection_of

MOVING = (TaskState.QUEUED, TaskState.SENDING, TaskState.CHECKING)
RETRIES = 3


@dataclass
class Quiet:
    """What did not come to rest: ids of rows, and how it looked."""

    stuck: list[int] = field(default_factory=list)
    seconds: float = 0
    retried: int = 0


def wait_for_quiet(scene: Scene, patience: float) -> Quiet:
    """Patience in real seconds. A row in error is retried as an Owner would, a few times."""
    quiet, started, retries = Quiet(), time.monotonic(), RETRIES
    while time.monotonic() < started + patience:
        if _mend_connections(scene) and not (_moving() or _hurried(scene)):
            errors = _rows(TaskState.ERROR)
            if not errors or not retries:
                break
            retries -= 1
            quiet.retried += len(errors)
            _retry(scene, errors)
        time.sleep(0.2)
    quiet.stuck = sorted(
        {*_moving(), *(task_id for task_id, _ in [*_rows(TaskState.BACKOFF), *_rows(TaskState.ERROR)])}
    )
    quiet.seconds = time.monotonic() - started
    return quiet


def _hurried(scene: Scene) -> bool:
    """Whether rows waited for a later try, and somebody pressed their Retry."""
    waiting = _rows(TaskState.BACKOFF)
    _retry(scene, waiting)
    return bool(waiting)


def _mend_connections(scene: Scene) -> bool:
    """Whether every company is connected and has sent what it was only offered."""
    mended = [_mend(tenant) for tenant in scene.tenants]
    return all(mended)


def _mend(tenant: Tenant) -> bool:
    db.session.rollback()
    connection = connection_of(tenant)
    state, unsent = connection.state, backlog.unsent(connection)[0]
    db.session.commit()
    if state is not ConnectionState.CONNECTED:
        tenant.owner.connect()
    elif unsent:
        tenant.owner.sync_unsent()
    return state is ConnectionState.CONNECTED and not unsent


def _moving() -> list[int]:
    """Rows on their way; a batch nobody settled counts as one, by its negative id."""
    rows = select(SyncTask.id).where(SyncTask.state.in_(MOVING))
    batches = select(-PushBatch.id).where(PushBatch.state == BatchState.WRITTEN)
    found = [*db.session.scalars(rows), *db.session.scalars(batches)]
    db.session.commit()
    return found


def _rows(state: TaskState) -> list[tuple[int, int]]:
    """Rows in this state, with their companies."""
    rows = select(SyncTask.id, Connection.company_id).join(SyncTask.connection)
    found = db.session.execute(rows.where(SyncTask.state == state)).tuples().all()
    db.session.commit()
    return list(found)


def _retry(scene: Scene, errors: list[tuple[int, int]]) -> None:
    owners = {tenant.company_id: tenant.owner for tenant in scene.tenants}
    for task_id, company_id in errors:
        owners[company_id].retry(task_id)
