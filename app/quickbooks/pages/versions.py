"""What tells in one small query whether anything has changed that a page shows of the queue."""

from sqlalchemy import bindparam, select

from app.extensions import db, now
from app.quickbooks.models import LIVE, Connection, Preferences
from app.quickbooks.outbox import tallies

# Made once: building it would cost a poll more than asking it.
_FACTS = (
    select(
        Connection.paused_until,
        Connection.id,
        Connection.state,
        Connection.held_at,
        Connection.pause_code,
        Connection.last_sync_at,
        Preferences.off_kinds,
        tallies.changes(Connection.id),
    )
    .join(Connection.preferences)
    .where(Connection.company_id == bindparam("company_id"), LIVE)
)


def queue_version(company_id: int) -> tuple[object, ...] | None:
    """Facts for polling.version_of: another value after every write to the company's queue, and whenever the
    connection stops or goes on, or a kind is switched. None without a live connection.
    """
    found = db.session.execute(_FACTS, {"company_id": company_id}).first()
    if found is None:
        return None
    return *found, found.paused_until is not None and found.paused_until > now()
