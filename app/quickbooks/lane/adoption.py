"""Taking a QuickBooks record for ours: the link, and what is to be remembered of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

from sqlalchemy import select, update

from app.extensions import db, now
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds.needs import Key
from app.quickbooks.mapping import remembering
from app.quickbooks.models import RecordKind, RemoteLink, SyncTask
from app.quickbooks.models.memory import Memory

BALANCE_MOVED = "balance_moved"  # Memory's, for queries
Remember = Callable[[Memory], Memory]


def link(task: SyncTask, remote: RemoteRecord, remember: Remember | None = None) -> RemoteLink:
    """Take one record there for ours (Links.take)."""
    links = Links.of([(task, remote["Id"])])
    taken = links.take(task, remote, remember)
    links.balances_moved()
    return taken


class Links:
    """Which of our records and of QuickBooks' records belong together, for some rows of one connection."""

    def __init__(self, found: Iterable[RemoteLink]) -> None:
        self._ours: dict[Key, RemoteLink] = {}
        self._theirs: dict[tuple[RecordKind, str], RemoteLink] = {}
        for link in found:
            self._ours[link.kind, link.record_id] = self._theirs[link.kind, link.remote_id] = link
        self._moved: dict[int, set[str]] = defaultdict(set)

    @classmethod
    def of(cls, pairs: Iterable[tuple[SyncTask, str]]) -> Links:
        """Loaded at once for rows and the ids that QuickBooks names with them."""
        wanted: dict[tuple[int, RecordKind], tuple[list[int], list[str]]] = defaultdict(lambda: ([], []))
        for task, remote_id in pairs:
            ours, theirs = wanted[task.connection_id, task.kind]
            ours.append(task.record_id)
            theirs.append(remote_id)
        return cls(
            link
            for (connection_id, kind), (ours, theirs) in wanted.items()
            for condition in (RemoteLink.record_id.in_(ours), RemoteLink.remote_id.in_(theirs))
            for link in db.session.scalars(
                select(RemoteLink).where(
                    RemoteLink.connection_id == connection_id, RemoteLink.kind == kind, condition
                )
            )
        )

    def link_of(self, task: SyncTask) -> RemoteLink | None:
        return self._ours.get((task.kind, task.record_id))

    def is_anothers(self, task: SyncTask, remote_id: str) -> bool:
        """Another record of ours is linked with it."""
        other = self._theirs.get((task.kind, remote_id))
        return other is not None and other.record_id != task.record_id

    def take(self, task: SyncTask, remote: RemoteRecord, remember: Remember | None = None) -> RemoteLink:
        """Write down that our record is this QuickBooks record, with its token and what is to be remembered of it:
        what `remember` makes of it, else what it shows. The caller goes on with balances_moved.
        """
        known = self._ours.get((task.kind, task.record_id)) or RemoteLink(
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
        self._ours[task.kind, task.record_id] = self._theirs[task.kind, known.remote_id] = known
        self._moved[task.connection_id] |= before.applied.keys() | known.memory.applied.keys()
        return known

    def balances_moved(self) -> None:
        """What QuickBooks last showed of the invoices that were paid is old: balances.py reads them again."""
        for connection_id, invoice_ids in self._moved.items():
            _balances_moved(connection_id, invoice_ids)
        self._moved.clear()


def seen(link: RemoteLink, remote: RemoteRecord) -> None:
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
