"""How many rows of the outbox are where, without counting them."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import text_enum
from app.extensions import Base
from app.quickbooks.models.kinds import RecordKind
from app.quickbooks.models.outbox import TaskState


class Tally(Base):
    """A change to how many rows a connection has in a state. The sum of all is the present number.

    Triggers on quickbooks_tasks add one for each statement, in its own transaction (migration 0025). They only
    insert, so nobody waits for a lock. Once in a while they are folded into sums (outbox/tallies.py). `changes`
    counts every row written, so its sum is another one after every commit that touched the queue.
    """

    __tablename__ = "quickbooks_tallies"
    __table_args__ = (
        Index("ix_quickbooks_tallies_new", "connection_id", postgresql_where=text("NOT is_folded")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    connection_id: Mapped[int] = mapped_column(
        ForeignKey("quickbooks_connections.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[RecordKind] = mapped_column(text_enum(RecordKind, "tally_kind"))
    state: Mapped[TaskState] = mapped_column(text_enum(TaskState, "tally_state"))
    rows: Mapped[int]
    changes: Mapped[int] = mapped_column(BigInteger)
    is_folded: Mapped[bool] = mapped_column(default=False, server_default="false")
