"""One sender a company: whoever holds the connection's lease may talk to its realm."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, or_, update
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import clock, db, now, rows_changed
from app.quickbooks.models import Connection

log = logging.getLogger(__name__)

SECONDS = 20
HEARTBEAT_SECONDS = 5
YOUNG = timedelta(seconds=SECONDS / 2)  # and more, to its end


class LeaseLost(Exception):
    """Somebody else may have the lane by now: nothing more may leave."""

    def __str__(self) -> str:
        return "the lease is lost"


class Lease:
    """Taken and renewed by conditional updates; it runs out by itself when its holder dies."""

    def __init__(self, connection_id: int) -> None:
        self.connection_id = connection_id
        self.owner = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._clock = clock()
        self._mine_until: datetime | None = None

    def take(self) -> bool:
        return self._extend(or_(Connection.lease_until.is_(None), Connection.lease_until < now()))

    def keep(self) -> bool:
        """False when it is lost. Of a young one nobody is asked: nobody else can have taken it."""
        is_young = self._mine_until is not None and self._mine_until > self._clock.now() + YOUNG
        return is_young or self.renew()

    def renew(self) -> bool:
        """False when it ran out and somebody else took it: stop at once."""
        return self._extend(Connection.lease_owner == self.owner)

    def check(self) -> None:
        """Asked right before anything leaves, also by threads that know no database. Raises LeaseLost."""
        if self._mine_until is None or self._mine_until <= self._clock.now():
            raise LeaseLost

    def release(self) -> None:
        self._mine_until = None
        self._update(Connection.lease_owner == self.owner, lease_owner=None, lease_until=None)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renewed beside the work, so that slow answers of QuickBooks cost nobody the lane."""
        done = threading.Event()
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        keeper = threading.Thread(target=self._keep, args=(app, done), name="lease", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            done.set()
            try:
                _unlock()
            finally:
                keeper.join()

    def _keep(self, app: Flask, done: threading.Event) -> None:
        with app.app_context():
            while not done.wait(HEARTBEAT_SECONDS):
                try:
                    if not self.renew():
                        return
                except SQLAlchemyError as error:
                    db.session.rollback()
                    log.warning("The lease of connection %s was not renewed: %s", self.connection_id, error)

    def _extend(self, condition: ColumnElement[bool]) -> bool:
        until = now() + timedelta(seconds=SECONDS)
        done = self._update(condition, lease_owner=self.owner, lease_until=until)
        self._mine_until = until if done else None
        return done

    def _update(self, condition: ColumnElement[bool], **values: Any) -> bool:
        done = rows_changed(
            update(Connection)
            .where(Connection.id == self.connection_id, condition)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        db.session.commit()
        return done == 1


def _unlock() -> None:
    """What the work has locked, the keeper may be waiting for. Work that was stopped by force may have been cut off
    in the middle of a statement: then its database connection is of no more use.
    """
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session().invalidate()
