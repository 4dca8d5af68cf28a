"""Whether anything may be sent for a company at present, and what keeps it from being sent."""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import update

from app.extensions import db, now
from app.quickbooks.account import metering
from app.quickbooks.catalogue.keys import COMPANY_RESET
from app.quickbooks.models import LIVE, Connection, ConnectionState

log = logging.getLogger(__name__)


def why(connection: Connection) -> str | None:
    """Why nothing may be sent for a connection now; None when it may. For the log, so it names nobody."""
    if connection.state is not ConnectionState.CONNECTED:
        return f"it is {connection.state}"
    if not connection.company.plan.has_quickbooks:
        return "the plan does not include QuickBooks"
    if connection.held_at:
        return "somebody paused it"
    if connection.is_paused(now()):
        return f"it is paused: {connection.pause_code}"
    return None


def pause(connection_id: int, code: str, until: datetime) -> None:
    """Nothing of this company is sent until then. The caller commits."""
    log.warning("QuickBooks connection %s pauses until %s: %s", connection_id, until.isoformat(), code)
    told = {"reset_told_at": now()} if code == COMPANY_RESET else {}
    _update(connection_id, paused_until=until, pause_code=code, **told)


def note_reset(connection_id: int) -> None:
    """Something that was read says that the company was reset. In a short transaction of its own."""
    told = update(Connection).where(Connection.id == connection_id, LIVE).values(reset_told_at=now())
    with db.engine.begin() as transaction:
        transaction.execute(told)


def ask_to_reconnect(connection_id: int, code: str) -> None:
    """The caller commits."""
    log.warning("QuickBooks connection %s needs a reconnect: %s", connection_id, code)
    needed = ConnectionState.RECONNECT_NEEDED
    _update(connection_id, state=needed, pause_code=code, reconnect_needed_at=now())


def stop_reading(connection_id: int) -> None:
    """The quota is used up: what needs no read goes on, the rest waits. Commits."""
    db.session.rollback()
    until = metering.blocked_until()
    log.warning("QuickBooks connection %s may not read until %s", connection_id, until.isoformat())
    db.session.get_one(Connection, connection_id).reads_blocked_until = until
    db.session.commit()


def _update(connection_id: int, **values: Any) -> None:
    db.session.execute(update(Connection).where(Connection.id == connection_id, LIVE).values(**values))
