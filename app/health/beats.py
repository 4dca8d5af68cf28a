"""The worker's sign of life. It is kept in PostgreSQL, because Redis may be wiped."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db, now
from app.health.models import Heartbeat

SWEEP = "sweep"


def beat() -> None:
    """The chore that comes last in a round: the round was done. Commits."""
    moment = now()
    row = insert(Heartbeat).values(name=SWEEP, at=moment)
    db.session.execute(row.on_conflict_do_update(index_elements=[Heartbeat.name], set_={"at": moment}))
    db.session.commit()


def last_sweep() -> datetime | None:
    return db.session.scalar(select(Heartbeat.at).filter_by(name=SWEEP))
