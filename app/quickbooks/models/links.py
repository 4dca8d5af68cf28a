"""Which QuickBooks record is ours."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, and_, not_, or_, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import text_enum
from app.extensions import Base, now
from app.quickbooks.models.differences import Difference
from app.quickbooks.models.kinds import RecordKind
from app.quickbooks.models.left_different import LeftDifferent
from app.quickbooks.models.memory import Memory

# What outbox/unplaced.py, lane/balances.py and pages/beside.py look for among all links: few, so small indexes.
NO_STREET = "kind = 'invoice' AND coalesce(snapshot['seen']['ShipAddr'] ->> 'Line1', '') = ''"
BALANCE_MOVED = """kind = 'invoice' AND snapshot @> '{"balance_moved": true}'"""
LEFT_DIFFERENT = "left_different <> '{}'"


class Item(Base):
    """A name on our invoice lines that needs a QuickBooks item; `name_key` compares as QuickBooks does."""

    __tablename__ = "quickbooks_items"
    __table_args__ = (UniqueConstraint("connection_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("quickbooks_connections.id", ondelete="CASCADE"))
    name_key: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(100))


class RemoteLink(Base):
    """Our record is this QuickBooks record; unique both ways."""

    __tablename__ = "quickbooks_links"
    __table_args__ = (
        UniqueConstraint("connection_id", "kind", "record_id"),
        Index(
            "uq_quickbooks_links_remote",
            "connection_id",
            "kind",
            "remote_id",
            unique=True,
            postgresql_where=text("kind <> 'item'"),  # two of our names may mean one QuickBooks item
        ),
        Index("ix_quickbooks_links_unplaced", "connection_id", "record_id", postgresql_where=text(NO_STREET)),
        Index("ix_quickbooks_links_moved", "connection_id", postgresql_where=text(BALANCE_MOVED)),
        Index("ix_quickbooks_links_different", "connection_id", postgresql_where=text(LEFT_DIFFERENT)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("quickbooks_connections.id", ondelete="CASCADE"))
    kind: Mapped[RecordKind] = mapped_column(text_enum(RecordKind, "link_kind"))
    record_id: Mapped[int]
    remote_id: Mapped[str] = mapped_column(String(40))
    sync_token: Mapped[str] = mapped_column(String(20))
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)  # memory.Memory
    # A LeftDifferent (left_different.py); empty where nothing was left so.
    left_different: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    linked_at: Mapped[datetime] = mapped_column(default=now)
    pushed_at: Mapped[datetime] = mapped_column(default=now)  # when the data last sent was read here

    @property
    def left(self) -> LeftDifferent | None:
        return LeftDifferent.from_json(self.left_different or {})

    @property
    def left_differences(self) -> tuple[Difference, ...]:
        return self.left.differences if self.left else ()

    def has_left(self, difference: Difference) -> bool:
        """By its words, which have both values: what an earlier version kept has nothing else."""
        return difference.text in {one.text for one in self.left_differences}

    @property
    def memory(self) -> Memory:
        return Memory.from_json(self.snapshot or {})

    @memory.setter
    def memory(self, memory: Memory) -> None:
        self.snapshot = memory.to_json()


HAS = RemoteLink.snapshot.has_key
WRITTEN = and_(
    or_(HAS("sent"), HAS("unsettled")), not_(HAS("adopted"))
)  # the condition for Memory.is_written
