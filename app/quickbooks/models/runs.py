"""What a run remembers of itself: work that a person starts, and that workers do in slices."""

import enum
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import text_enum
from app.extensions import Base, now

# Longer than a slice waits behind the others, and its request for an answer.
LOST_AFTER = timedelta(minutes=10)


class RunState(enum.StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Run(Base):
    """What the tables of all kinds of run have."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(
        ForeignKey("quickbooks_connections.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[RunState] = mapped_column(text_enum(RunState, "run_state"))
    message: Mapped[str] = mapped_column(Text, default="")  # why it failed, in words
    started_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    finished_at: Mapped[datetime | None]

    @property
    def is_lost(self) -> bool:
        """It says that it runs, and no worker has been heard of for too long."""
        return self.state is RunState.RUNNING and self.updated_at + LOST_AFTER < now()

    @property
    def is_under_way(self) -> bool:
        return self.state is RunState.RUNNING and not self.is_lost
