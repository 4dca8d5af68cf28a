"""Which connection is meant, and as others have left it by now."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.quickbooks.models import LIVE, Connection, ConnectionState

AT_ONCE = (joinedload(Connection.company), joinedload(Connection.preferences))


def live_connection(company_id: int) -> Connection | None:
    """The connection a company has now: connected, or in need of a reconnect."""
    return db.session.scalar(select(Connection).where(Connection.company_id == company_id, LIVE))


def known_connection(company_id: int) -> Connection | None:
    """The live connection, or else the one that ended last: what it knows stays true, unless it was forgotten."""
    connection = last_connection(company_id)
    return None if connection is None or is_set_aside(connection) else connection


def last_connection(company_id: int) -> Connection | None:
    """The live connection, or else the one that ended last."""
    return db.session.scalar(
        select(Connection)
        .where(Connection.company_id == company_id)
        .order_by((Connection.state == ConnectionState.DISCONNECTED), Connection.disconnected_at.desc())
        .limit(1)
    )


def is_set_aside(connection: Connection) -> bool:
    """What it links is not there any more, although the links stay (realm.set_aside)."""
    return not connection.realm_id.isdecimal()


def fresh_connection(connection_id: int) -> Connection:
    """With its company and its preferences, in one statement: what was read of it before, in this transaction too,
    may be old.
    """
    return db.session.get_one(Connection, connection_id, populate_existing=True, options=AT_ONCE)
