"""The chore that keeps the sums of invoice_counts.py: it counts anew what was noted since the last time."""

from contextlib import nullcontext
from typing import Any

from sqlalchemy import (
    ARRAY,
    Integer,
    Select,
    any_,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks.models import (
    LIVE,
    ChangedInvoice,
    Connection,
    CountedInvoice,
    InvoiceCounts,
    Preferences,
)
from app.quickbooks.outbox.invoice_sums import COUNTED, NAMES, RULES, WAYS, fits, in_bulk, present, sums_of

LOCK = 37  # the space of advisory locks in which a company's number stands for its sums
FEW = 100  # invoices that are looked up one by one
MANY = 20_000  # notes that are too many to hold: everything is counted instead
IN_ONE_MOMENT = {"isolation_level": "REPEATABLE READ"}


def count_again() -> None:
    """What was noted, and everything of a company whose sums are good for nothing. Commits."""
    _forget_others()
    is_noted = Connection.company_id.in_(select(ChangedInvoice.company_id))
    due = (
        select(Connection.id)
        .join(Connection.preferences)
        .outerjoin(InvoiceCounts, fits(Connection, Preferences))
        .where(LIVE, or_(InvoiceCounts.company_id.is_(None), is_noted))
    )
    ids = db.session.scalars(due).all()
    db.session.commit()
    for connection_id in ids:
        _count_company(connection_id)


def _forget_others() -> None:
    """A company that connects is counted from the start."""
    live = select(Connection.company_id).where(LIVE)
    _do(delete(ChangedInvoice).where(ChangedInvoice.company_id.not_in(live)))
    _do(delete(InvoiceCounts).where(InvoiceCounts.company_id.not_in(live)))
    db.session.commit()


def _count_company(connection_id: int) -> None:
    """In a transaction that sees one moment. What others note meanwhile is left for the next time."""
    db.session.connection(execution_options=IN_ONE_MOMENT)
    connection = db.session.get_one(Connection, connection_id)
    if db.session.scalar(select(func.pg_try_advisory_xact_lock(LOCK, connection.company_id))):
        own = ChangedInvoice.company_id == connection.company_id
        kept = select(InvoiceCounts.company_id).where(fits(connection, connection.preferences))
        some = select(ChangedInvoice.id).where(own).limit(MANY).subquery()
        noted = db.session.scalar(select(func.count()).select_from(some)) or 0
        if noted < MANY and db.session.scalar(kept):
            with in_bulk() if noted > FEW else nullcontext():
                gone = _do(delete(ChangedInvoice).where(own).returning(ChangedInvoice.invoice_id))
                _count(connection, list(gone.scalars()))
        else:
            _do(delete(ChangedInvoice).where(own))
            with in_bulk():
                _count_all(connection)
    db.session.commit()


def _count(connection: Connection, noted: list[int]) -> None:
    ids = any_(literal(noted, ARRAY(Integer)))
    before = CountedInvoice.company_id == connection.company_id, CountedInvoice.invoice_id == ids
    now_ = present(connection, Invoice.id == ids)
    gone = db.session.execute(select(*sums_of(COUNTED)).where(*before)).mappings().one()
    come = db.session.execute(select(*sums_of(now_.subquery()))).mappings().one()
    sums = {name: getattr(InvoiceCounts, name) - gone[name] + come[name] for name in NAMES}
    _do(update(InvoiceCounts).where(InvoiceCounts.company_id == connection.company_id).values(sums))
    _do(delete(CountedInvoice).where(*before))
    _keep(now_)


def _count_all(connection: Connection) -> None:
    _do(delete(CountedInvoice).where(CountedInvoice.company_id == connection.company_id))
    _keep(present(connection))
    own = select(*sums_of(COUNTED)).where(CountedInvoice.company_id == connection.company_id)
    values = {
        "company_id": connection.company_id,
        "connection_id": connection.id,
        "send_from": connection.preferences.send_from,
        "first_connected_at": connection.first_connected_at,
        "rules": RULES,
        **db.session.execute(own).mappings().one(),
    }
    _do(
        upsert(InvoiceCounts).values(values).on_conflict_do_update(index_elements=["company_id"], set_=values)
    )


def _keep(counted: Select[Any]) -> None:
    """Those that count for anything."""
    rows = counted.subquery()
    counts_for_something = or_(*(rows.c[f"is_{way}"] for way in WAYS))
    kept = upsert(CountedInvoice).from_select(list(rows.c.keys()), select(rows).where(counts_for_something))
    values = {column.key: kept.excluded[column.key] for column in rows.c}
    _do(kept.on_conflict_do_update(index_elements=["company_id", "invoice_id"], set_=values))


def _do(statement: Any) -> Any:
    return db.session.execute(statement.execution_options(synchronize_session=False))
