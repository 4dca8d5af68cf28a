"""Taking a QuickBooks record for ours: the link, and what is to be remembered of it."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from app.extensions import db, now
from app.quickbooks.mapping import remembering
from app.quickbooks.models import RecordKind, RemoteLink, SyncTask
from app.quickbooks.models.memory import Memory

BALANCE_MOVED = "balance_moved"  # Memory's, for queries
Remember = Callable[[Memory], Memory]


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
    if not known.memory.before:  # nothing of what was left is different any more
        known.left_different = {}
    db.session.add(known)
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
