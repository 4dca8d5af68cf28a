"""What a run has read of QuickBooks' invoices: asked in pages, kept in a table, because there may be a million."""

from collections.abc import Collection, Iterable
from dataclasses import asdict

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.quickbooks.account import company
from app.quickbooks.api.client import Client, quote
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds.comparison import RemoteInvoice
from app.quickbooks.lane.reading import asked_patiently
from app.quickbooks.models import Connection
from app.quickbooks.tie_out.models import TieOut, TieOutRead

# Of the 1000 that QuickBooks would give at once: the progress moves, and no answer takes long.
PAGE_SIZE = 200
IDS_AT_ONCE = 100


def count(client: Client) -> int:
    """How many there are. Raises ApiError."""
    return asked_patiently(lambda: client.count("Invoice"))


def page(client: Client, start: int, size: int) -> list[RemoteRecord]:
    """Raises ApiError."""
    return asked_patiently(lambda: client.page("Invoice", start, size))


def again(client: Client, ids: Collection[str]) -> list[RemoteRecord]:
    """These as they are by now: pages shift while somebody deletes, and an invoice may have been changed and pushed
    since its page was read. What is gone is absent. Raises ApiError.
    """
    listed = ", ".join(quote(id_) for id_ in ids)
    return asked_patiently(lambda: client.page("Invoice", 1, IDS_AT_ONCE, f"Id IN ({listed})"))


def keep(tie_out_id: int, records: Iterable[RemoteRecord]) -> None:
    """The latest answer about each counts. The caller commits."""
    connection_id = db.session.get_one(TieOut, tie_out_id).connection_id
    names = company.rate_names(db.session.get_one(Connection, connection_id))
    found = {record["Id"]: RemoteInvoice.of(record, names) for record in records}
    if not found:
        return
    forget(tie_out_id, found)
    rows = [
        {"tie_out_id": tie_out_id, "number_key": remote.number_key, **asdict(remote)}
        for remote in found.values()
    ]
    db.session.execute(insert(TieOutRead), rows)


def forget(tie_out_id: int, ids: Collection[str]) -> None:
    """The caller commits."""
    db.session.execute(
        delete(TieOutRead)
        .where(TieOutRead.tie_out_id == tie_out_id, TieOutRead.id.in_(list(ids)))
        .execution_options(synchronize_session=False)
    )


def kept(tie_out_id: int, ids: Collection[str]) -> dict[str, RemoteInvoice]:
    """By Id."""
    fields = [getattr(TieOutRead, name) for name in RemoteInvoice.__dataclass_fields__]
    rows = db.session.execute(
        select(*fields).where(TieOutRead.tie_out_id == tie_out_id, TieOutRead.id.in_(list(ids)))
    )
    return {row.id: RemoteInvoice(*row) for row in rows}


def numbers(tie_out_id: int, keys: Collection[str]) -> dict[str, int]:
    """How many invoices there have each of these numbers (comparison.number_key)."""
    rows = db.session.execute(
        select(TieOutRead.number_key, func.count())
        .where(TieOutRead.tie_out_id == tie_out_id, TieOutRead.number_key.in_(list(keys)))
        .group_by(TieOutRead.number_key)
    )
    return dict(rows.tuples().all())


def how_many(tie_out_id: int) -> int:
    return db.session.scalar(select(func.count()).where(TieOutRead.tie_out_id == tie_out_id)) or 0


def done_with(tie_out_id: int) -> None:
    """The caller commits."""
    db.session.execute(
        delete(TieOutRead)
        .where(TieOutRead.tie_out_id == tie_out_id)
        .execution_options(synchronize_session=False)
    )
