"""Names that QuickBooks gives to vendors and employees, so that no customer can have them."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class OtherName(Base):
    """Of a vendor or an employee nothing is kept but what the name is compared by."""

    __tablename__ = "quickbooks_other_names"
    __table_args__ = (Index("ix_quickbooks_other_names_key", "connection_id", "key"),)

    connection_id: Mapped[int] = mapped_column(
        ForeignKey("quickbooks_connections.id", ondelete="CASCADE"), primary_key=True
    )
    entity: Mapped[str] = mapped_column(String(20), primary_key=True)  # as QuickBooks calls it
    remote_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(Text)
