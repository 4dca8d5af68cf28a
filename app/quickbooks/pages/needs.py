"""How much needs somebody, for the navigation of every page: one query by index, which stops counting at 99."""

from sqlalchemy import func, select

from app.extensions import db
from app.quickbooks.models import LIVE, Connection, ConnectionState, SyncTask
from app.quickbooks.outbox.states import NEEDS_SOMEBODY

MOST = 99


def needs_somebody(company_id: int) -> int:
    """Rows that stopped at something of their own, and a connection that has to be made again; at most MOST + 1."""
    stopped = (
        select(SyncTask.id)
        .where(
            SyncTask.connection_id == Connection.id,
            NEEDS_SOMEBODY,
        )
        .correlate(Connection)
        .limit(MOST + 1)
        .subquery()
        .lateral()
    )
    number = select(func.count()).select_from(stopped).scalar_subquery()
    found = db.session.execute(
        select(Connection.state, number).where(Connection.company_id == company_id, LIVE)
    ).first()
    if found is None:
        return 0
    return found[1] + (found[0] is ConnectionState.RECONNECT_NEEDED)
