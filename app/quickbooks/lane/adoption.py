"""Taking a QuickBooks record for ours: the link, and what is to be remembered of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import or_, select

from app.extensions import db, now
from app.lib.money import ZERO
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds.needs import Key
from app.quickbooks.mapping import reckoning, remembering
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


@dataclass(frozen=True)
class Paid:
    """What a payment of ours paid, by the Ids there of the invoices, and pays now."""

    payment_id: str
    was_ours: bool
    before: Mapping[str, Decimal]
    after: Mapping[str, Decimal]

    @property
    def changed(self) -> set[str]:
        ids = self.before.keys() | self.after.keys()
        return {id_ for id_ in ids if self.before.get(id_) != self.after.get(id_)}


class Links:
    """Which of our records and of QuickBooks' records belong together, for some rows of one connection."""

    def __init__(self, found: Iterable[RemoteLink]) -> None:
        self._ours: dict[Key, RemoteLink] = {}
        self._theirs: dict[tuple[RecordKind, str], RemoteLink] = {}
        for link in found:
            self._ours[link.kind, link.record_id] = self._theirs[link.kind, link.remote_id] = link
        self._payments: dict[int, list[Paid]] = defaultdict(list)

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
            for link in db.session.scalars(
                select(RemoteLink).where(
                    RemoteLink.connection_id == connection_id,
                    RemoteLink.kind == kind,
                    or_(RemoteLink.record_id.in_(ours), RemoteLink.remote_id.in_(theirs)),
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
        was_ours = known.remote_id == remote["Id"]
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
        if task.kind is RecordKind.PAYMENT:
            paid = Paid(remote["Id"], was_ours, before.applied, known.memory.applied)
            self._payments[task.connection_id].append(paid)
        return known

    def balances_moved(self) -> None:
        """Payments that were taken count on their invoices, whose version is old now: balances.py reads them again
        before they are sent.
        """
        for connection_id, payments in self._payments.items():
            _balances_moved(connection_id, payments)
        self._payments.clear()


def seen(link: RemoteLink, remote: RemoteRecord) -> None:
    """QuickBooks was read once more: its version and what it shows are remembered. The caller commits."""
    is_moved = link.sync_token != remote["SyncToken"]
    link.memory = remembering.learn(link.memory, link.kind, remote, moved=is_moved)
    link.sync_token = remote["SyncToken"]


def _balances_moved(connection_id: int, payments: Iterable[Paid]) -> None:
    by_invoice: dict[str, list[Paid]] = defaultdict(list)
    for paid in payments:
        for invoice_id in paid.changed:
            by_invoice[invoice_id].append(paid)
    if not by_invoice:
        return
    links = (
        select(RemoteLink)
        .where(
            RemoteLink.connection_id == connection_id,
            RemoteLink.kind == RecordKind.INVOICE,
            RemoteLink.remote_id.in_(by_invoice),
        )
        .order_by(RemoteLink.id)
        .with_for_update()
    )
    for link in db.session.scalars(links.execution_options(populate_existing=True)):
        for paid in by_invoice[link.remote_id]:
            before = paid.before.get(link.remote_id, ZERO) if paid.was_ours else None
            after = paid.after.get(link.remote_id, ZERO)
            link.memory = reckoning.pay(link.memory, paid.payment_id, before, after, now())
