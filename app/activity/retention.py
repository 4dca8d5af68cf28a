"""How long events are kept."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select

from app.activity.models import Activity
from app.extensions import db, now, rows_changed

BATCH = 5_000  # rows a transaction, so that no lock is held for long


def forget_old() -> int:
    """Delete what is older than ACTIVITY_DAYS, of every company; returns how many. Commits after each batch."""
    oldest = now() - timedelta(days=current_app.config["ACTIVITY_DAYS"])
    forgotten = 0
    while True:
        batch = select(Activity.id).where(Activity.at < oldest).order_by(Activity.at).limit(BATCH)
        gone = rows_changed(delete(Activity).where(Activity.id.in_(batch)))
        db.session.commit()
        forgotten += gone
        if gone < BATCH:
            return forgotten
