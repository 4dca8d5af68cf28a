"""What waits to reach QuickBooks, what is on the wire, and each try."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import text_enum
from app.extensions import Base, now
from app.quickbooks.models.batch_items import BatchItem, BatchItems
from app.quickbooks.models.connection import Connection
from app.quickbooks.models.kinds import RecordKind


class TaskState(enum.StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    CHECKING = "checking"
    BACKOFF = "backoff"
    ERROR = "error"
    SYNCED = "synced"
    SKIPPED = "skipped"


class BatchState(enum.StrEnum):
    WRITTEN = "written"  # stored, perhaps sent: until it is settled nobody may assume either
    SETTLED = "settled"


class AttemptOutcome(enum.StrEnum):
    """What came of a try, and below, of what else is noted for a row; pages/history.py has the words."""

    ACCEPTED = "accepted"
    FOUND = "found"  # after a lost answer
    REREAD = "reread"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # the answer was lost
    NOT_THERE = "not there"
    NOT_LEARNED = "not learned"
    NOT_SENT = "not sent"
    NO_TOKEN = "no token"  # noqa: S105 - no password
    UNAUTHORIZED = "unauthorized"

    STOPPED = "stopped"  # by what nobody foresaw
    LINKED = "linked"
    LEFT_OUT = "left out"
    TAKEN_BACK = "taken back"
    LEFT_DIFFERENT = "left different"

    @property
    def words(self) -> str:
        """For a cell of a table."""
        return _IN_A_CELL.get(self, self.value)


_IN_A_CELL = {
    AttemptOutcome.REREAD: "read again",
    AttemptOutcome.UNKNOWN: "answer lost",
    AttemptOutcome.NO_TOKEN: "not sent: no access",
    AttemptOutcome.UNAUTHORIZED: "not sent: access refused",
}


class SyncTask(Base):
    """The outbox: one row per connection and record, for good; its state says where the record is.

    `wanted` counts the intentions (an edit, a forced push, a correction), `sent` is the one last put on the
    wire, `reached` the last that QuickBooks confirmed. A row whose wanted is ahead is sent again afterwards.
    """

    __tablename__ = "quickbooks_tasks"
    __table_args__ = (
        UniqueConstraint("connection_id", "kind", "record_id"),
        # By kind, so that what is switched off is passed over (outbox/switches.py).
        Index("ix_quickbooks_tasks_due_by_kind", "connection_id", "state", "kind", "due_at"),
        Index(
            "ix_quickbooks_tasks_failed",
            "connection_id",
            "failed_at",
            postgresql_where=text("state = 'error'"),
        ),
        # Few rows wait at any time, so whoever looks for them looks at few.
        Index(
            "ix_quickbooks_tasks_waiting", "waits_for_id", postgresql_where=text("waits_for_id IS NOT NULL")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("quickbooks_connections.id", ondelete="CASCADE"))
    kind: Mapped[RecordKind] = mapped_column(text_enum(RecordKind, "record_kind"))
    record_id: Mapped[int]
    state: Mapped[TaskState] = mapped_column(text_enum(TaskState, "task_state"), default=TaskState.QUEUED)
    wanted: Mapped[int] = mapped_column(Integer, default=1)
    sent: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    reached: Mapped[int] = mapped_column(Integer, default=0)
    by_hand: Mapped[bool] = mapped_column(default=False)  # somebody asked for it: it goes first
    due_at: Mapped[datetime] = mapped_column(default=now)
    queued_at: Mapped[datetime] = mapped_column(default=now)
    failed_at: Mapped[datetime | None]  # when it last came to need a person
    attempts: Mapped[int] = mapped_column(default=0)
    fixes: Mapped[int] = mapped_column(default=0)  # corrections made by ourselves in this series
    problem: Mapped[str] = mapped_column(String(40), default="")  # a key of catalogue/
    message: Mapped[str] = mapped_column(Text, default="")  # the sentence a person reads
    remedy: Mapped[str] = mapped_column(Text, default="")  # the one thing to do about it
    # What a person is asked about a name or number that QuickBooks has already, and what they chose (answers.py).
    question: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    # What the note of our payment or refund there proves itself by (mapping/money_record.py).
    mark: Mapped[str] = mapped_column(String(16), default="", server_default="")
    waits_for_id: Mapped[int | None] = mapped_column(ForeignKey("quickbooks_tasks.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("quickbooks_batches.id"), index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    connection: Mapped[Connection] = relationship()
    attempts_made: Mapped[list[SyncAttempt]] = relationship(
        back_populates="task", order_by="SyncAttempt.id.desc()", cascade="all, delete-orphan"
    )


class PushBatch(Base):
    """The write-ahead row: what is about to be sent, under which request id, stored before it is sent."""

    __tablename__ = "quickbooks_batches"
    __table_args__ = (
        UniqueConstraint("connection_id", "request_id"),
        Index("ix_quickbooks_batches_open", "connection_id", postgresql_where=text("state = 'written'")),
        Index(
            "ix_quickbooks_batches_settled",
            "settled_at",
            postgresql_where=text("state = 'settled' AND items <> '[]'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("quickbooks_connections.id", ondelete="CASCADE"))
    request_id: Mapped[str] = mapped_column(String(36))
    state: Mapped[BatchState] = mapped_column(
        text_enum(BatchState, "batch_state"), default=BatchState.WRITTEN
    )
    items: Mapped[list[BatchItem]] = mapped_column(BatchItems)
    checks: Mapped[int] = mapped_column(default=0)  # times recovery has tried to learn its outcome
    check_at: Mapped[datetime | None]
    # The latest moment at which it may have left; QuickBooks may work on it for its time limit from then.
    last_sent_at: Mapped[datetime] = mapped_column(default=now)
    settled_at: Mapped[datetime | None]


class SyncAttempt(Base):
    """One try at one record, or what a person decided about it, and what came of it. Never changed afterwards."""

    __tablename__ = "quickbooks_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("quickbooks_tasks.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int]
    operation: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[AttemptOutcome] = mapped_column(text_enum(AttemptOutcome, "attempt_outcome", length=20))
    request_id: Mapped[str] = mapped_column(String(36), default="")
    http_status: Mapped[int | None]
    code: Mapped[str] = mapped_column(String(20), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    intuit_tid: Mapped[str] = mapped_column(String(80), default="")
    fault: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    task: Mapped[SyncTask] = relationship(back_populates="attempts_made")
