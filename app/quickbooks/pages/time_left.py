"""How long what is on its way will take, by how fast the last minute went. Reads only."""

from datetime import timedelta

from sqlalchemy import func, select, text

from app.extensions import db, now
from app.lib import ages
from app.quickbooks.models import Connection, PushBatch

A_MINUTE = timedelta(minutes=1)
ENOUGH = timedelta(seconds=10)  # a shorter time says little about the pace

# As the partial index ix_quickbooks_batches_settled has it.
_SETTLED = text("state = 'settled' AND items <> '[]'")


def time_left(connection: Connection, waiting: int) -> str:
    """Of so many records: "about 3 minutes"; empty while too little was sent to tell."""
    span = _span_left(connection, waiting)
    if span is None:
        return ""
    return ages.shown(span) if span < A_MINUTE else f"about {ages.shown(span)}"


def _span_left(connection: Connection, waiting: int) -> timedelta | None:
    moment = now()
    sent, since = db.session.execute(
        select(func.sum(func.jsonb_array_length(PushBatch.items)), func.min(PushBatch.settled_at)).where(
            _SETTLED, PushBatch.settled_at > moment - A_MINUTE, PushBatch.connection_id == connection.id
        )
    ).one()
    if not sent or moment - since < ENOUGH:
        return None
    return (moment - since) * (waiting / sent)
