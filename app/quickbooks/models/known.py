"""What a QuickBooks company has, by name, number or day, as far as we know (lane/known.py)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import text_enum
from app.extensions import Base
from app.quickbooks.models.kinds import RecordKind


class KnownRecord(Base):
    """One record there, ours or not. A webhook may have told of it (`heard_at`) since it was read (`unread`)."""

    __tablename__ = "quickbooks_known"
    __table_args__ = (
        Index("ix_quickbooks_known_key", "connection_id", "kind", "key"),
        Index("ix_quickbooks_known_unread", "connection_id", postgresql_where=text("unread")),
    )

    connection_id: Mapped[int] = mapped_column(
        ForeignKey("quickbooks_connections.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[RecordKind] = mapped_column(text_enum(RecordKind, "known_kind"), primary_key=True)
    remote_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(Text, default="")  # of its identity; empty until it is read
    name: Mapped[str] = mapped_column(Text, default="")  # of an item in use, as it is written there
    is_sold: Mapped[bool] = mapped_column(default=True)  # False: an item that no invoice line can name
    unread: Mapped[bool] = mapped_column(default=False)
    heard_at: Mapped[datetime | None]
