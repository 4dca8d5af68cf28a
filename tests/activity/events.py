"""Reading what was written down."""

from sqlalchemy import select

from app.activity.models import Activity
from app.extensions import db


def all_events() -> list[Activity]:
    return list(db.session.scalars(select(Activity).order_by(Activity.id)))


def texts() -> list[str]:
    return [event.text for event in all_events()]


def events_of(record) -> list[Activity]:
    """Of a customer or an invoice, oldest first."""
    subject = record.subject
    return [e for e in all_events() if (e.record_kind, e.record_id) == (subject.kind, subject.id)]


def changes_of(event: Activity) -> list[str]:
    return [f"{what}: {before} → {after}" for what, before, after in event.changes]
