"""What QuickBooks' list of customers showed when it was last read: enough to compare and to show."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, String, column, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


def _by(key: str) -> Index:
    """Most comparisons find nothing, and what is empty is never compared."""
    name, filled = f"ix_quickbooks_remote_customers_{key}", text(f"{key}_key <> ''")
    return Index(name, "connection_id", f"{key}_key", postgresql_where=filled)


class RemoteCustomer(Base):
    """A customer of QuickBooks. Its keys say how it is compared (mapping/contact.py)."""

    __tablename__ = "quickbooks_remote_customers"
    __table_args__: tuple[Any, ...] = (
        _by("email"),
        _by("phone"),
        _by("address"),
        Index("ix_quickbooks_remote_customers_name", "connection_id", func.lower(column("name"))),
    )

    connection_id: Mapped[int] = mapped_column(
        ForeignKey("quickbooks_connections.id", ondelete="CASCADE"), primary_key=True
    )
    remote_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(500))
    email: Mapped[str] = mapped_column(String(100))
    phone: Mapped[str] = mapped_column(String(40))
    street: Mapped[str] = mapped_column(String(500))
    city_line: Mapped[str] = mapped_column(String(600))  # Portland, OR 97205
    postal_code: Mapped[str] = mapped_column(String(40))
    is_active: Mapped[bool]
    email_key: Mapped[str] = mapped_column(String(100))
    phone_key: Mapped[str] = mapped_column(String(10))
    address_key: Mapped[str] = mapped_column(String(600))
