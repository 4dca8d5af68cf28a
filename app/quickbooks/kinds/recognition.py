"""Is a record in QuickBooks ours, may it be taken for ours, or must a person say? This is what the rules of the
kinds (Kind.judge) are made of. They hold for what is about to be created, and for what was sent when its answer was
lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import exists, select

from app.extensions import db
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.mapping.money_record import proof_in
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.models import RecordKind, SyncTask
from app.quickbooks.models.batch_items import BatchItem


@dataclass(frozen=True)
class Claim:
    """What a record of QuickBooks is compared with: fields as they are spelled there. `is_over`: ours is void or
    taken back, so whatever is taken for it there is voided or deleted.
    """

    fields: RemoteRecord = field(default_factory=dict)
    total: Decimal | None = None
    mark: str = ""
    is_over: bool = False

    @classmethod
    def of_item(cls, item: BatchItem) -> "Claim":
        """What was sent, whatever became of it since; a bare id in its note, as we once wrote them, is no mark."""
        return cls(item.body, item.total, proof_in(item.body.get("PrivateNote", "")))


@dataclass(frozen=True)
class Candidates:
    """The records there with its name, number or day; `free` are those that no other record of ours is linked
    to.
    """

    connection_id: int
    found: Sequence[RemoteRecord]
    free: Sequence[RemoteRecord]


@dataclass(frozen=True)
class Ours:
    """It carries our mark, or nothing contradicts it; or a person has said so."""

    remote: RemoteRecord


@dataclass(frozen=True)
class Lookalike:
    """The very same money without our mark: somebody has recorded it there. It is taken for ours only when nothing
    of ours can be on its way.
    """

    remote: RemoteRecord


@dataclass(frozen=True)
class InTheWay:
    """Only a person knows what it is; `problem` asks."""

    problem: str
    found: Sequence[RemoteRecord]
    details: dict[str, str] = field(default_factory=dict)  # for the problem's sentence


Recognition = Ours | Lookalike | InTheWay | None


def customer_and_day(refs: Refs | None, day: date) -> RemoteRecord:
    """The fields that a transaction's claim has; without the customer where its Id is not known."""
    customer = {"CustomerRef": {"value": refs.customer_id}} if refs else {}
    return customer | {"TxnDate": day.isoformat()}


def first(remotes: Iterable[RemoteRecord]) -> Ours | None:
    remote = next(iter(remotes), None)
    return Ours(remote) if remote else None


def same_customer_and_day(claim: Claim, remote: RemoteRecord) -> bool:
    """A refund receipt there may name nobody (contract section 4.6): it is not our customer's then."""
    customer, day = claim.fields.get("CustomerRef"), claim.fields.get("TxnDate")
    same_customer = customer is None or remote.get("CustomerRef", {}).get("value") == customer["value"]
    return same_customer and remote.get("TxnDate") == day


def same_money(claim: Claim, remote: RemoteRecord) -> bool:
    return remote.get("TotalAmt") == claim.total and same_customer_and_day(claim, remote)


def is_marked(claim: Claim, remote: RemoteRecord) -> bool:
    note = str(remote.get("PrivateNote", ""))
    return bool(claim.mark) and claim.mark in note and proof_in(note) == claim.mark


def has_unknown_mark(connection_id: int, kind: RecordKind, remote: RemoteRecord) -> bool:
    """We made it, and no row of its kind knows of it."""
    mark = proof_in(str(remote.get("PrivateNote", "")))
    marked = exists().where(
        SyncTask.connection_id == connection_id, SyncTask.kind == kind, SyncTask.mark == mark
    )
    return bool(mark) and not db.session.scalar(select(marked))


def if_same_money(claim: Claim, marked: Sequence[RemoteRecord]) -> Recognition:
    """Of what carries our mark; with another amount, day or customer a person is asked."""
    same = (remote for remote in marked if same_money(claim, remote))
    return first(same) or (InTheWay("money_contradicts", marked) if marked else None)
