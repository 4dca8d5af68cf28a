"""Waiting until nothing is on its way any more, and doing what an Owner would do about what stands still."""

import time
from dataclasses import dataclass, field

from sqlalchemy import select

from app.extensions import db
from app.quickbooks.models import BatchState, Connection, ConnectionState, PushBatch, SyncTask, TaskState
from app.quickbooks.outbox import invoice_counts
from devtools.chaos.office import Office
from devtools.chaos.scene import Scene, Tenant, connection_of, look_anew

MOVING = (TaskState.QUEUED, TaskState.SENDING, TaskState.CHECKING)
ASKING = (TaskState.BACKOFF, TaskState.ERROR)  # a person may press Retry; an error needs one
STANDSTILL = 15  # real seconds without a change: what moves may wait for what asks


@dataclass
class Quiet:
    """What did not come to rest: ids of rows, or of batches when negative. `seen_to`: answers and retries."""

    stuck: list[int] = field(default_factory=list)
    stood_still: set[int] = field(default_factory=set)  # went on only after somebody answered something else
    seconds: float = 0
    seen_to: int = 0


def wait_for_quiet(scene: Scene, office: Office, patience: float) -> Quiet:
    """Patience in real seconds. The Owner answers whatever asks, until nothing does (office.TRIES)."""
    quiet, started = Quiet(), time.monotonic()
    owners = {tenant.company_id: tenant.owner for tenant in scene.tenants}
    still, since = list[int](), started
    while time.monotonic() < started + patience:
        is_connected, moving = _mend_connections(scene), _moving()
        if moving != still:
            still, since = moving, time.monotonic()
        if is_connected and (not moving or time.monotonic() > since + STANDSTILL):
            quiet.stood_still |= set(moving)
            since = time.monotonic()
            asking = _asking()
            if not moving and not asking:
                break
            quiet.seen_to += len(asking)
            for task_id, company_id in asking:
                office.see_to(owners[company_id], task_id)
        time.sleep(0.2)
    quiet.stuck = sorted([*_moving(), *(task_id for task_id, _ in _asking())])
    quiet.seconds = time.monotonic() - started
    return quiet


def is_quiet() -> bool:
    """Nothing is on its way."""
    look_anew()
    return not _moving()


def _mend_connections(scene: Scene) -> bool:
    """Whether every company is connected and has sent what it was only offered."""
    mended = [_mend(tenant) for tenant in scene.tenants]
    return all(mended)


def _mend(tenant: Tenant) -> bool:
    look_anew()
    connection = connection_of(tenant)
    state, unsent = connection.state, invoice_counts.counts(connection).unsent.count
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


def _asking() -> list[tuple[int, int]]:
    """Rows that ask for a person, with their companies."""
    rows = select(SyncTask.id, Connection.company_id).join(SyncTask.connection)
    found = db.session.execute(rows.where(SyncTask.state.in_(ASKING)).order_by(SyncTask.id)).tuples().all()
    db.session.commit()
    return list(found)
