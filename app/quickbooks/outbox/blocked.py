"""Rows that stopped at a setting, here or in QuickBooks: once it is right, all of them go again."""

from sqlalchemy import select

from app.extensions import db
from app.quickbooks import outbox
from app.quickbooks.models import Connection, RecordKind, SyncTask, TaskState

# Somebody says that QuickBooks' settings have changed: the company is read anew before the next try.
READ_ANEW = frozenset(
    {"books_closed", "no_tax_code", "sales_tax_off", "currency_differs", "exempt_but_taxed"}
)


def retry_all(connection: Connection, problem: str) -> None:
    """What caused these is mended: all of them may go again. The caller commits."""
    rows = db.session.execute(
        select(SyncTask.kind, SyncTask.record_id).filter_by(
            connection_id=connection.id, state=TaskState.ERROR, problem=problem
        )
    ).all()
    for kind in RecordKind:
        outbox.queue(connection.id, kind, [row.record_id for row in rows if row.kind is kind])
