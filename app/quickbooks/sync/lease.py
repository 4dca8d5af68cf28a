"""One sender a company: whoever holds the connection's lease may talk to its realm."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, update

from app.extensions import db, now
from app.quickbooks.models import Connection

SECONDS = 20


class Lease:
    """Taken and renewed by conditional updates; it runs out by itself when its holder dies."""

    def __init__(self, connection_id: int) -> None:
        self.connection_id = connection_id
        self.owner = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"

    def take(self) -> bool:
        free = or_(Connection.lease_until.is_(None), Connection.lease_until < now())
        return self._update(free, lease_owner=self.owner, lease_until=self._until())

    def renew(self) -> bool:
        """False when it ran out and somebody else took it: stop at once."""
        return self._update(Connection.lease_owner == self.owner, lease_until=self._until())

    def release(self) -> None:
        self._update(Connection.lease_owner == self.owner, lease_owner=None, lease_until=None)

    def _until(self) -> datetime:
        return now() + timedelta(seconds=SECONDS)

    def _update(self, condition: ColumnElement[bool], **values: Any) -> bool:
        done = db.session.execute(
            update(Connection)
            .where(Connection.id == self.connection_id, condition)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
        return done.rowcount == 1
