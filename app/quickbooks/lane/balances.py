"""A payment changes its invoice in QuickBooks too: the balance, which is reckoned here (reckoning.pay), and the
version, which an update has to name. So an invoice that is due is read first: its update is not refused as stale.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.client import Client, quote
from app.quickbooks.lane import adoption
from app.quickbooks.lane.adoption import BALANCE_MOVED
from app.quickbooks.models import RecordKind, RemoteLink, SyncTask

AT_ONCE = 100


@reading_for("balance")
def refresh(connection_id: int, client: Callable[[], Client]) -> None:
    """Every due invoice of which a payment was applied or taken off since it was last read. Commits.
    Raises ApiError and TokenError.
    """
    remote_ids = list(db.session.scalars(_moved(connection_id, RemoteLink.remote_id)))
    for start in range(0, len(remote_ids), AT_ONCE):
        listed = remote_ids[start : start + AT_ONCE]
        ids = ", ".join(quote(remote_id) for remote_id in listed)
        _note(connection_id, listed, client().query_all(RecordKind.INVOICE.entity, f"Id IN ({ids})"))


def _note(connection_id: int, remote_ids: Sequence[str], found: Sequence[dict[str, Any]]) -> None:
    """One that was deleted there is nobody's to read again; its next push says so."""
    present = {record["Id"]: record for record in found}
    links = _moved(connection_id, RemoteLink).where(RemoteLink.remote_id.in_(remote_ids)).with_for_update()
    for link in db.session.scalars(links.execution_options(populate_existing=True)):
        if remote := present.get(link.remote_id):
            adoption.seen(link, remote)
        else:
            link.memory = replace(link.memory, balance_moved=False)
    db.session.commit()


def _moved(connection_id: int, what: Any) -> Any:
    due = select(SyncTask.record_id).where(*outbox.due(connection_id), SyncTask.kind == RecordKind.INVOICE)
    return select(what).where(
        RemoteLink.connection_id == connection_id,
        RemoteLink.kind == RecordKind.INVOICE,
        RemoteLink.snapshot.contains({BALANCE_MOVED: True}),
        RemoteLink.record_id.in_(due),
    )
