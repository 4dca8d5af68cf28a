"""A connection as others have left it by now: what was read of it before, in this transaction too, may be old."""

from sqlalchemy.orm import joinedload

from app.extensions import db
from app.quickbooks.models import Connection

AT_ONCE = (joinedload(Connection.company), joinedload(Connection.preferences))


def fresh_connection(connection_id: int) -> Connection:
    """With its company and its preferences, in one statement."""
    return db.session.get_one(Connection, connection_id, populate_existing=True, options=AT_ONCE)
