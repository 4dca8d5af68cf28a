"""A rehearsal: started by a person, done by a worker, and stale once the Owner has chosen something else."""

import hashlib

from sqlalchemy import inspect

from app.quickbooks.account.metering import reading_for
from app.quickbooks.models import Connection, Preferences
from app.quickbooks.rehearsal import steps
from app.quickbooks.rehearsal.life import REHEARSALS
from app.quickbooks.rehearsal.models import Rehearsal


def start(connection: Connection) -> Rehearsal:
    """The run that is under way, or a new one. Commits."""
    return REHEARSALS.start(
        connection, "rehearsed the sending to QuickBooks", chosen=_chosen(connection.preferences)
    )


@reading_for("rehearsal")
def run(rehearsal_id: int) -> None:
    """All of it. Commits."""
    with REHEARSALS.worked_on(rehearsal_id):
        steps.play(rehearsal_id)


def is_stale(done: Rehearsal, connection: Connection) -> bool:
    return done.chosen != _chosen(connection.preferences)


def _chosen(preferences: Preferences) -> str:
    """A digest of what the Owner chose."""
    values = sorted(
        (column.key, repr(getattr(preferences, column.key))) for column in inspect(Preferences).columns
    )
    return hashlib.sha256(repr(values).encode()).hexdigest()
