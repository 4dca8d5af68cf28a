"""A checked file: it waits to be confirmed, then to be imported, and keeps for a day what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, now


class CsvUpload(Base):
    __tablename__ = "csv_uploads"
    __table_args__ = (
        Index(
            "ix_csv_uploads_unfinished",
            "confirmed_at",
            postgresql_where=text("confirmed_at IS NOT NULL AND ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # which import it is for: "customers", "invoices"
    content: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(server_default="0")  # bytes of the content
    # The file's head for each column of ours; null where they are the same, empty until a person has said.
    columns: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # What else a person said of the file, by the question's name.
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    confirmed_at: Mapped[datetime | None]  # set when a worker is to import it
    ended_at: Mapped[datetime | None]
    # How many records; written once, when it has ended.
    imported: Mapped[int] = mapped_column(default=0, server_default="0")
    trouble: Mapped[str] = mapped_column(Text, default="", server_default="")  # why nothing was imported


class CsvMapping(Base):
    """What a company said of files with the same heads."""

    __tablename__ = "csv_mappings"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    shape: Mapped[str] = mapped_column(String(64), primary_key=True)  # a digest of the heads, in any order
    columns: Mapped[dict[str, Any]] = mapped_column(JSONB)
    chosen_at: Mapped[datetime]
