"""A checked file: it waits to be confirmed, then to be imported, and keeps for a day what came of it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
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
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
    confirmed_at: Mapped[datetime | None]  # set when a worker is to import it
    ended_at: Mapped[datetime | None]
    imported: Mapped[int] = mapped_column(
        default=0, server_default="0"
    )  # records, all at once when it has ended
    trouble: Mapped[str] = mapped_column(Text, default="", server_default="")  # why nothing was imported
