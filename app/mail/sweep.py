"""The schedule of mail: whatever nudge was lost, the sweep makes good."""

from sqlalchemy import select

from app.extensions import db, now
from app.mail.claiming import is_free
from app.mail.models import Message
from app.mail.nudge import NUDGES
from app.mail.sending import settle_lost

AT_ONCE = 200  # a round comes every few seconds


def sweep() -> list[int]:
    """Nudge what is due, and settle what was handed over by somebody who is gone. Returns the ids nudged."""
    settle_lost()
    free = select(Message.id).where(is_free(now())).order_by(Message.due_at).limit(AT_ONCE)
    ids = list(db.session.scalars(free))
    db.session.commit()
    for message_id in reversed(ids):  # the last one is put in front
        NUDGES.give(message_id)
    return ids
