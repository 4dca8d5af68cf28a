"""The schedule of mail: whatever nudge was lost, the sweep makes good."""

from sqlalchemy import and_, or_, select

from app.extensions import db, now
from app.mail.models import Message, MessageState
from app.mail.nudge import nudge
from app.mail.sending import settle_lost

AT_ONCE = 200  # a round comes every few seconds


def sweep() -> list[int]:
    """Nudge what is due, and settle what was handed over by somebody who is gone. Returns the ids nudged."""
    settle_lost()
    moment = now()
    due = or_(
        and_(Message.state == MessageState.QUEUED, Message.due_at <= moment),
        and_(Message.state == MessageState.SENDING, Message.lease_until < moment),
    )
    ids = list(db.session.scalars(select(Message.id).where(due).order_by(Message.due_at).limit(AT_ONCE)))
    db.session.commit()
    for message_id in reversed(ids):  # the last one is put in front
        nudge(message_id)
    return ids
