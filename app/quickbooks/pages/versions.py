"""What tells in one small query whether anything has changed that a page shows of the queue."""

from sqlalchemy import select

from app.extensions import db, now
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.outbox import tallies


def queue_version(company_id: int) -> tuple[object, ...] | None:
    """Facts for polling.version_of: another value after every write to the company's queue, and whenever the
    connection stops or goes on. None without a live connection.
    """
    facts = select(
        Connection.id,
        Connection.state,
        Connection.held_at,
        Connection.paused_until,
        Connection.pause_code,
        Connection.last_sync_at,
        Connection.paused_until > now(),
        Connection.reads_blocked_until > now(),
        tallies.changes(Connection.id),
    ).where(Connection.company_id == company_id, Connection.state != ConnectionState.DISCONNECTED)
    found = db.session.execute(facts).first()
    return tuple(found) if found else None
