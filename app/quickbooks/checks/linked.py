"""What a check looks at and what it finds, record by record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from app.extensions import db
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.checks.books import Books
from app.quickbooks.models import Connection, RecordKind, RemoteLink
from app.quickbooks.models.differences import Aspect, Difference

AT_ONCE = 500  # records of ours


@dataclass(frozen=True)
class Finding:
    """What the audit tells: `what` is missing, duplicated, different or without a row; `record` names it."""

    what: str
    record: str
    detail: str = ""

    @classmethod
    def of(cls, record: str, difference: Difference) -> Finding:
        match difference.aspect:
            case Aspect.GONE:
                return cls("missing", record)
            case Aspect.DUPLICATE:
                return cls("duplicated", record, difference.text)
            case _:
                return cls("different", record, difference.text)


@dataclass(frozen=True)
class Checked:
    """A linked record that was looked at: what QuickBooks has of it (None when it is gone) and what was found."""

    kind: RecordKind
    record_id: int
    name: str
    remote: RemoteRecord | None
    is_over: bool  # void, or taken back, here
    differences: Sequence[Difference]
    invoice_id: int = 0  # of money


def linked(
    connection: Connection, kind: RecordKind, model: Any, books: Books, *options: Any
) -> Iterator[Sequence[tuple[RemoteLink, Any]]]:
    """Those that the books speak of, some at a time."""
    if kind not in books.records:
        return
    spoken_of = (
        [] if books.is_whole else [RemoteLink.remote_id.in_({*books.of(kind), *books.gone.get(kind, ())})]
    )
    last = 0
    while True:
        query: Select[Any] = (
            select(RemoteLink, model)
            .join(model, model.id == RemoteLink.record_id)
            .where(
                RemoteLink.connection_id == connection.id,
                RemoteLink.kind == kind,
                RemoteLink.record_id > last,
                *spoken_of,
            )
            .order_by(RemoteLink.record_id)
            .limit(AT_ONCE)
            .options(*options)
        )
        some = db.session.execute(query).tuples().all()
        if not some:
            return
        last = some[-1][0].record_id
        yield [(link, record) for link, record in some if books.speak_of(kind, link.remote_id)]
