"""A checked file that waits for its owner to confirm the import."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, now


class CsvUpload(Base):
    __tablename__ = "csv_uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # which import it is for: "customers", "invoices"
    content: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(server_default="0")  # bytes of the content
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
