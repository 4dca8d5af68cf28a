"""What was read of QuickBooks for a check: of each record what is compared, and the whole of it only where it is
news here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from app.extensions import db, now
from app.quickbooks.api.client import PAGE, Client
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds import KINDS
from app.quickbooks.lane.reading import Absence, by_id
from app.quickbooks.matching import directory
from app.quickbooks.models import RecordKind, RemoteLink

OF_ALL = ("Id", "SyncToken", "PrivateNote", "TotalAmt")
OF_A_KIND = {
    RecordKind.CUSTOMER: directory.KEPT,
    RecordKind.INVOICE: ("DocNumber", "TxnDate", "CustomerRef", "Balance"),
}


@dataclass(frozen=True)
class Books:
    """Everything (`is_whole`), or a part. By kind and Id; `gone` is surely deleted. What is in neither came while
    they were read, or could not be learned.

    `numbers` says how often QuickBooks has each number of an invoice, where more is known than is in the part.
    """

    began: datetime  # when the reading did, by our clock
    records: Mapping[RecordKind, Mapping[str, RemoteRecord]]
    gone: Mapping[RecordKind, frozenset[str]] = field(default_factory=dict)
    is_whole: bool = True
    numbers: Mapping[str, int] | None = None  # by comparison.number_key

    @classmethod
    def of_changes(cls, began: datetime, changed: Mapping[str, Iterable[RemoteRecord]]) -> "Books":
        """From the answer of change data capture (contract section 2.7)."""
        records, gone = {}, {}
        for entity, found in changed.items():
            listed = list(found)
            kind = RecordKind.of(entity)
            gone[kind] = frozenset(one["Id"] for one in listed if one.get("status") == "Deleted")
            records[kind] = {one["Id"]: one for one in listed if one["Id"] not in gone[kind]}
        return cls(began, records, gone, is_whole=False)

    def of(self, kind: RecordKind) -> Mapping[str, RemoteRecord]:
        return self.records.get(kind, {})

    def count(self, kind: RecordKind) -> bool:
        """Whether it is known how many have the same number or mark. Of a part nobody knows what is beside it."""
        return self.is_whole or (kind is RecordKind.INVOICE and self.numbers is not None)

    def speak_of(self, kind: RecordKind, remote_id: str) -> bool:
        return remote_id in self.of(kind) or remote_id in self.gone.get(kind, ())


def whole(connection_id: int, client: Client, entities: Iterable[str]) -> Books:
    """Read everything, page by page. No transaction is open while QuickBooks is asked: commits. Raises ApiError and
    TokenError.
    """
    began, records, gone = now(), {}, {}
    for kind in map(RecordKind.of, entities):
        records[kind] = _read(connection_id, client, kind)
        missed = by_id(client, kind, _linked_elsewhere(connection_id, kind, records[kind], began))
        records[kind] |= {id_: found for id_, found in missed.items() if found is not Absence.GONE}
        gone[kind] = frozenset(missed) - records[kind].keys()
    return Books(began, records, gone)


def _read(connection_id: int, client: Client, kind: RecordKind) -> dict[str, RemoteRecord]:
    kept: dict[str, RemoteRecord] = {}
    read, is_last = 0, False
    while not is_last:
        page = _page(connection_id, client, kind, read + 1)
        kept |= {record["Id"]: record for record in page}
        read, is_last = read + len(page), len(page) < PAGE
    return kept


def _page(connection_id: int, client: Client, kind: RecordKind, start: int) -> list[RemoteRecord]:
    """The whole records end with this function, so that two pages of them are never held at once."""
    page = client.page(kind.entity, start, PAGE, KINDS[kind].identity.also)
    known = _tokens(connection_id, kind, [record["Id"] for record in page])
    return [
        record
        if int(record.get("SyncToken", -1)) > known.get(record["Id"], int(record["SyncToken"]))
        else _trimmed(kind, record)
        for record in page
    ]


def _linked_elsewhere(
    connection_id: int, kind: RecordKind, read: Collection[str], began: datetime
) -> list[str]:
    """Ids that were linked before the reading began, and stood on no page. That does not prove them gone: pages
    shift while somebody deletes, and a query may lag (contract section 8.9).
    """
    links = select(RemoteLink.remote_id).where(
        RemoteLink.connection_id == connection_id, RemoteLink.kind == kind, RemoteLink.linked_at <= began
    )
    missed = [remote_id for remote_id in db.session.scalars(links) if remote_id not in read]
    db.session.commit()
    return missed


def _tokens(connection_id: int, kind: RecordKind, ids: Collection[str]) -> dict[str, int]:
    """The versions that we know of what is linked."""
    links = select(RemoteLink.remote_id, RemoteLink.sync_token).where(
        RemoteLink.connection_id == connection_id, RemoteLink.kind == kind, RemoteLink.remote_id.in_(ids)
    )
    found = {remote_id: int(token) for remote_id, token in db.session.execute(links).tuples()}
    db.session.commit()
    return found


def _trimmed(kind: RecordKind, record: RemoteRecord) -> RemoteRecord:
    """Marked as QuickBooks marks what is not whole. The lines tell of nothing but whether a free invoice is void
    (mapping/voids.is_void).
    """
    names = (*OF_ALL, *OF_A_KIND.get(kind, ()), *(("Line",) if record.get("TotalAmt") == 0 else ()))
    return {"sparse": True, **{name: record[name] for name in names if name in record}}
