"""What is looked at. Each check answers what it found, and whether that is well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from flask import current_app
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db, now, redis
from app.quickbooks.account import metering
from app.quickbooks.outbox import sweep as chore
from app.schedule.chores import last_done

SWEEP_WITHIN = timedelta(minutes=2)  # a round comes every ten seconds
READS_TOLD = 0.8  # of the quota: then the operator is told
TAKEN_WITHIN = timedelta(minutes=15)  # a due row waits for at most one slice of each other company


@dataclass(frozen=True)
class Finding:
    name: str
    is_well: bool
    detail: str


def web() -> list[Finding]:
    return [_checked(check) for check in (database, queue_store, migrations)]


def worker() -> list[Finding]:
    return [_checked(check) for check in (sweep, oldest_due_row, reads)]


def database() -> Finding:
    db.session.execute(text("SELECT 1"))
    return Finding("database", True, "answers")


def queue_store() -> Finding:
    redis().ping()
    return Finding("queue store", True, "answers")


def migrations() -> Finding:
    """One that this code does not know is a newer one: in the middle of a release, or after a rollback."""
    applied = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    newest, *older = _revisions()
    if applied and applied not in (newest, *older):
        return Finding("migrations", True, f"at {applied}, newer than {newest}, which this code knows")
    return Finding("migrations", applied == newest, f"at {applied}, newest is {newest}")


def sweep() -> Finding:
    return _age("sweep", last_done(chore.sweep), SWEEP_WITHIN, never_is_well=False)


def oldest_due_row() -> Finding:
    """A row is due, its company may sync, and no worker has taken it up."""
    return _age("oldest due row", chore.oldest_due(), TAKEN_WITHIN, never_is_well=True)


def reads() -> Finding:
    """Of the reads that Intuit allows the app in a month."""
    used, quota = metering.of_all(metering.month()), current_app.config["QUICKBOOKS_READ_QUOTA"]
    return Finding("reads of QuickBooks", used < READS_TOLD * quota, f"{used} of {quota}")


def _age(name: str, since: datetime | None, limit: timedelta, never_is_well: bool) -> Finding:
    if since is None:
        return Finding(name, never_is_well, "none")
    age = now() - since
    return Finding(name, age <= limit, f"{age.total_seconds():.0f} s")


def _checked(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except (SQLAlchemyError, RedisError) as error:
        db.session.rollback()
        return Finding(check.__name__.replace("_", " "), False, type(error).__name__)


@cache
def _revisions() -> tuple[str, ...]:
    """Those of this code, the newest first."""
    from alembic.script import ScriptDirectory  # late: Alembic takes 12 MB, which a worker never needs

    folder = Path(current_app.root_path).parent / "migrations"
    return tuple(script.revision for script in ScriptDirectory(str(folder)).walk_revisions())
