"""Repeat a transaction while PostgreSQL is away or chose it as a deadlock's victim."""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError

from app.extensions import db

Result = TypeVar("Result")

AWAY = (OperationalError, InterfaceError)  # the database is gone, or chose us as a deadlock's victim
PAUSES = (0.1, 0.5, 1.0, 2.0)  # seconds: a restart, or a deadlock of which it was the victim


def patiently(work: Callable[[], Result]) -> Result:
    """One whole transaction, done again as long as PostgreSQL takes it back. Raises what the last try raised."""
    for pause in PAUSES:
        try:
            return work()
        except AWAY:
            db.session.rollback()
            time.sleep(pause)
    return work()
