"""How many invoices a company has and what they are worth, as a sum of few numbers, however many they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app import folding
from app.accounts.models import text_enum
from app.extensions import Base
from app.invoices.models import InvoiceStatus, Money


class InvoiceTally(Base):
    """A change to how many invoices a company has of a status, and on what day the open ones are due.

    Triggers on invoices add some for each statement, in its own transaction (migrations 0039 and 0054). They only
    insert, so nobody waits for a lock. Once in a while they are folded into sums. `open_due` is empty where nothing
    is owed (lateness.is_open); `balance` is what is owed.
    """

    __tablename__ = "invoice_tallies"
    __table_args__ = (Index("ix_invoice_tallies_new", "company_id", postgresql_where=text("NOT is_folded")),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), index=True)
    status: Mapped[InvoiceStatus] = mapped_column(text_enum(InvoiceStatus, "tally_status"))
    open_due: Mapped[date | None]
    number: Mapped[int]
    total: Mapped[Decimal] = mapped_column(Money)
    balance: Mapped[Decimal] = mapped_column(Money)
    is_folded: Mapped[bool] = mapped_column(default=False, server_default="false")


def fold() -> None:
    """Replace what was written since the last time by sums. Commits."""
    tally = InvoiceTally
    by = (tally.company_id, tally.status, tally.open_due)
    folding.fold(tally, tally.company_id, by, (tally.number, tally.total, tally.balance))
