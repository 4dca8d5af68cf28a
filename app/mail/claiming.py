"""A message belongs to one worker at a time: it is claimed, and marked right before it leaves."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, update

from app.extensions import db, now, rows_changed
from app.mail.models import Message, MessageState

LEASE = timedelta(minutes=5)  # longer than all steps of a delivery with the patience of each


class ClaimLost(Exception):
    """Somebody else may have the message by now."""


def claim(message_id: int, owner: str) -> Message | None:
    moment = now()
    claimed = change(
        and_(Message.id == message_id, is_free(moment)),
        state=MessageState.SENDING,
        attempts=Message.attempts + 1,
        lease_owner=owner,
        lease_until=moment + LEASE,
    )
    if not claimed:
        return None
    message = db.session.get_one(Message, message_id, populate_existing=True)
    _ = message.sealed_body, message.attachment  # read now: the rest happens without a transaction
    db.session.expunge(message)
    db.session.commit()
    return message


def hand_over(message_id: int, owner: str) -> None:
    """From here on it may have left. Raises ClaimLost when the claim ran out before."""
    moment = now()
    mine = and_(Message.id == message_id, Message.lease_owner == owner, Message.lease_until > moment)
    if not change(mine, state=MessageState.HANDING_OVER, lease_until=moment + LEASE):
        raise ClaimLost


def is_free(moment: datetime) -> ColumnElement[bool]:
    """The condition of a message to send now: due, or claimed by somebody whose lease ran out."""
    return or_(
        and_(Message.state == MessageState.QUEUED, Message.due_at <= moment),
        and_(Message.state == MessageState.SENDING, Message.lease_until < moment),
    )


def held(message_id: int, owner: str) -> ColumnElement[bool]:
    return and_(Message.id == message_id, Message.lease_owner == owner)


def change(condition: ColumnElement[bool], **values: Any) -> int:
    """How many rows changed. Commits."""
    statement = update(Message).where(condition).values(**values)
    count = rows_changed(statement.execution_options(synchronize_session=False))
    db.session.commit()
    return count
