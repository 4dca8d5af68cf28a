"""A run's row moves by conditional updates: of two workers one goes on, and who was given up for lost stops."""

from typing import Any

from sqlalchemy import ColumnElement, update

from app.extensions import now, rows_changed
from app.quickbooks.tie_out.models import TieOut, TieOutState


class Superseded(Exception):
    """The run was given up for lost, and another may have begun."""


def end(tie_out_id: int, state: TieOutState, **values: Any) -> None:
    while_running(tie_out_id, state=state, finished_at=now(), **values)


def while_running(tie_out_id: int, *conditions: ColumnElement[bool], **values: Any) -> None:
    """One conditional update. Raises Superseded when the run has ended already."""
    changed = rows_changed(
        update(TieOut)
        .where(TieOut.id == tie_out_id, TieOut.state == TieOutState.RUNNING, *conditions)
        .values(updated_at=now(), **values)
        .execution_options(synchronize_session=False)
    )
    if changed != 1:
        raise Superseded
