"""How many invoices are not in QuickBooks, and why, without reading them all (outbox/invoice_counts.py)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from app.invoices.models import Money


class ChangedInvoice(Base):
    """An invoice that may count otherwise than it was counted last.

    Triggers on invoices, tasks and links add it, in the transaction that changes something (migration 0040). They
    only insert, so nobody waits for a lock. Neither id refers to a table: either may be gone.
    """

    __tablename__ = "quickbooks_changed_invoices"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    company_id: Mapped[int] = mapped_column(index=True)
    invoice_id: Mapped[int]


class CountedInvoice(Base):
    """How an invoice was counted last. One that is in QuickBooks and in order has no row."""

    __tablename__ = "quickbooks_counted_invoices"
    __table_args__ = (
        Index(
            "ix_quickbooks_counted_invoices_coming",
            "company_id",
            "generated_at",
            postgresql_where=text("is_coming"),
        ),
    )

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True)
    invoice_id: Mapped[int] = mapped_column(primary_key=True)
    total: Mapped[Decimal] = mapped_column(Money)
    generated_at: Mapped[datetime | None]
    is_absent: Mapped[bool]
    is_coming: Mapped[bool]
    is_stuck: Mapped[bool]
    is_unsent: Mapped[bool]
    is_earlier: Mapped[bool]


class InvoiceCounts(Base):
    """The sums over a company's CountedInvoices, good for this connection and these days, by these rules."""

    __tablename__ = "quickbooks_invoice_counts"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True)
    connection_id: Mapped[int] = mapped_column(
        ForeignKey("quickbooks_connections.id", ondelete="CASCADE"), index=True
    )
    send_from: Mapped[date | None]
    first_connected_at: Mapped[datetime]
    rules: Mapped[int] = mapped_column(server_default="1")
    absent: Mapped[int]
    absent_total: Mapped[Decimal] = mapped_column(Money)
    coming: Mapped[int]
    coming_total: Mapped[Decimal] = mapped_column(Money)
    stuck: Mapped[int]
    stuck_total: Mapped[Decimal] = mapped_column(Money)
    unsent: Mapped[int]
    unsent_total: Mapped[Decimal] = mapped_column(Money)
    earlier: Mapped[int]
    earlier_total: Mapped[Decimal] = mapped_column(Money)
