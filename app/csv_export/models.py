"""A file that somebody asked for: made by a worker, kept for a day."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, now


class CsvExport(Base):
    __tablename__ = "csv_exports"
    __table_args__ = (
        Index("ix_csv_exports_unfinished", "created_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # the room's name: "invoices"
    query: Mapped[str] = mapped_column(Text)  # of the list's address: which rows, in which order
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    tries: Mapped[int] = mapped_column(default=0, server_default="0")  # workers that began
    ended_at: Mapped[datetime | None]
    rows: Mapped[int] = mapped_column(default=0, server_default="0")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # gzip; None when it failed
    size: Mapped[int] = mapped_column(default=0, server_default="0")  # bytes of the content; 0 when it failed

    @property
    def is_ready(self) -> bool:
        return self.size > 0
