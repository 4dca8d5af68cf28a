"""Batches that nobody has settled: the lane that wrote them is gone, or their answer was lost."""

from sqlalchemy import ColumnElement, SQLColumnExpression, or_

from app.extensions import now
from app.quickbooks.models import BatchState, PushBatch


def to_check(connection_id: int | SQLColumnExpression[int]) -> tuple[ColumnElement[bool], ...]:
    """The conditions of one that may be looked up now; a column in place of an id joins to each connection."""
    return (
        PushBatch.connection_id == connection_id,
        PushBatch.state == BatchState.WRITTEN,
        or_(PushBatch.check_at.is_(None), PushBatch.check_at <= now()),
    )
