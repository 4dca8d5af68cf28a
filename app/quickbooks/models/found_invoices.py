"""An invoice of ours that was never sent, and one in QuickBooks that looks like it (matching/invoice_rules.py)."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import text_enum
from app.extensions import Base, now
from app.invoices.models import Invoice


class FoundState(enum.StrEnum):
    FOUND = "found"  # nobody has said anything yet
    LINKED = "linked"
    ANOTHER = "another"  # a person said that the two are not the same


class FoundInvoice(Base):
    __tablename__ = "quickbooks_found_invoices"

    connection_id: Mapped[int] = mapped_column(
        ForeignKey("quickbooks_connections.id", ondelete="CASCADE"), primary_key=True
    )
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"), primary_key=True)
    remote_id: Mapped[str] = mapped_column(String(40))
    record: Mapped[dict[str, Any]] = mapped_column(JSONB)  # as it was read
    reason: Mapped[str] = mapped_column(String(120), default="")  # what differs; empty when nothing does
    state: Mapped[FoundState] = mapped_column(text_enum(FoundState, "found_state"), default=FoundState.FOUND)
    found_at: Mapped[datetime] = mapped_column(default=now)  # ours were read then

    invoice: Mapped[Invoice] = relationship()
