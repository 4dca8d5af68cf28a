"""What a tie-out remembers: one run, and a line for each invoice."""

from __future__ import annotations

import enum
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import text_enum
from app.extensions import Base
from app.invoices.models import Invoice, Money
from app.quickbooks.models.runs import Run


class Verdict(enum.StrEnum):
    """What a tie-out found of one invoice."""

    AGREES = "agrees"
    DIFFERENT = "different"
    MISSING = "missing"  # it was in QuickBooks and is gone
    WAITING = "waiting"
    SKIPPED = "skipped"
    NOT_SENT = "not_sent"

    @property
    def label(self) -> str:
        return "Left out" if self is Verdict.SKIPPED else self.value.replace("_", " ").capitalize()


class TieOut(Run):
    """One comparison of all our invoices with a fresh read of QuickBooks."""

    __tablename__ = "quickbooks_tie_outs"

    # Where the next slice goes on: pages are read first, then our invoices are compared in the order of their ids.
    read: Mapped[int] = mapped_column(default=0)  # invoices read from QuickBooks so far, of `expected`
    expected: Mapped[int] = mapped_column(default=0)
    next_start: Mapped[int | None] = mapped_column(default=1)  # of the next page; None when all are read
    compared_to: Mapped[int] = mapped_column(default=0, server_default="0")  # id of our last compared invoice
    # What is in QuickBooks and not linked to ours, by month: {"2026-03": {"count", "total"}}.
    made_there: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")


class TieOutRead(Base):
    """One invoice of QuickBooks as it was read: kept until the run has compared it."""

    __tablename__ = "quickbooks_tie_out_reads"
    __table_args__ = (Index("ix_quickbooks_tie_out_reads_number", "tie_out_id", "number_key"),)

    tie_out_id: Mapped[int] = mapped_column(
        ForeignKey("quickbooks_tie_outs.id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[str] = mapped_column(Text)
    number_key: Mapped[str] = mapped_column(Text)
    dated: Mapped[date]
    customer_id: Mapped[str] = mapped_column(String(40))
    customer_name: Mapped[str] = mapped_column(Text)
    total: Mapped[Decimal] = mapped_column(Numeric)
    balance: Mapped[Decimal] = mapped_column(Numeric)
    is_void: Mapped[bool]
    taxes: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")  # by jurisdiction


class TieOutLine(Base):
    """One invoice of a tie-out, as both books had it at that moment."""

    __tablename__ = "quickbooks_tie_out_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    tie_out_id: Mapped[int] = mapped_column(
        ForeignKey("quickbooks_tie_outs.id", ondelete="CASCADE"), index=True
    )
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"))
    issue_date: Mapped[date]
    verdict: Mapped[Verdict] = mapped_column(text_enum(Verdict, "tie_out_verdict"))
    total_here: Mapped[Decimal] = mapped_column(Money)
    balance_here: Mapped[Decimal] = mapped_column(Money)
    total_there: Mapped[Decimal | None] = mapped_column(Money)
    balance_there: Mapped[Decimal | None] = mapped_column(Money)
    detail: Mapped[str] = mapped_column(Text, default="")
    # Where the work was done, its tax here, and QuickBooks' by jurisdiction.
    state_here: Mapped[str] = mapped_column(String(60), default="", server_default="")
    city_here: Mapped[str] = mapped_column(String(100), default="", server_default="")
    tax_here: Mapped[Decimal] = mapped_column(Money, default=0, server_default="0")
    taxes_there: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")

    invoice: Mapped[Invoice] = relationship()
