"""What was read of QuickBooks for a check: of each record what is compared, and the whole of it only where it is
news here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from app.extensions import db
from app.quickbooks.api.client import PAGE, Client
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds import KINDS
from app.quickbooks.matching import directory
from app.quickbooks.models import RecordKind, RemoteLink

OF_ALL = ("Id", "SyncToken", "PrivateNote", "TotalAmt")
OF_A_KIND = {
    RecordKind.CUSTOMER: directory.KEPT,
    RecordKind.INVOICE: ("DocNumber", "TxnDate", "CustomerRef", "Balance"),
}


@dataclass(frozen=True)
class Books:
    """Everything (`is_whole`), or a part. By kind and Id; `gone` was deleted.

    `numbers` says how often QuickBooks has each number of an invoice, where more is known than is in the part.
    """

    records: Mapping[RecordKind, Mapping[str, RemoteRecord]]
    gone: Mapping[RecordKind, frozenset[str]] = field(default_factory=dict)
    is_whole: bool = True
    numbers: Mapping[str, int] | None = None  # by comparison.number_key

    @classmethod
    def of_changes(cls, changed: Mapping[str, Iterable[RemoteRecord]]) -> "Books":
        """From the answer of change data capture (contract section 2.7)."""
        records, gone = {}, {}
        for entity, found in changed.items():
            listed = list(found)
            kind = RecordKind.of(entity)
            gone[kind] = frozenset(one["Id"] for one in listed if one.get("status") == "Deleted")
            records[kind] = {one["Id"]: one for one in listed if one["Id"] not in gone[kind]}
        return cls(records, gone, is_whole=False)

    def of(self, kind: RecordKind) -> Mapping[str, RemoteRecord]:
        return self.records.get(kind, {})


def whole(connection_id: int, client: Client, entities: Iterable[str]) -> Books:
    """Read everything, page by page. No transaction is open while QuickBooks is asked: commits. Raises ApiError and
    TokenError.
    """
    kinds = [RecordKind.of(entity) for entity in entities]
    return Books({kind: _read(connection_id, client, kind) for kind in kinds})


def _read(connection_id: int, client: Client, kind: RecordKind) -> dict[str, RemoteRecord]:
    kept: dict[str, RemoteRecord] = {}
    read, is_last = 0, False
    while not is_last:
        page = client.page(kind.entity, read + 1, PAGE, KINDS[kind].identity.also)
        read, is_last = read + len(page), len(page) < PAGE
        known = _tokens(connection_id, kind, [record["Id"] for record in page])
        for record in page:
            is_news = int(record.get("SyncToken", -1)) > known.get(record["Id"], int(record["SyncToken"]))
            kept[record["Id"]] = record if is_news else _trimmed(kind, record)
    return kept


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
    (mapping/invoice.is_void).
    """
    names = (*OF_ALL, *OF_A_KIND.get(kind, ()), *(("Line",) if record.get("TotalAmt") == 0 else ()))
    return {"sparse": True, **{name: record[name] for name in names if name in record}}
