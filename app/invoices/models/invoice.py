"""An invoice and its lines. Totals are stored, computed by totals.py, and never typed by anyone."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
    case,
    literal,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from app.accounts.models import Company, Terms, text_enum
from app.activity.models import Subject
from app.customers.models import Customer
from app.customers.place import Place
from app.extensions import Base, now
from app.lib.money import ZERO

if TYPE_CHECKING:
    from app.invoices.models.money import Payment, Refund

Money = Numeric(14, 2)
Percent = Numeric(7, 4)


class InvoiceStatus(enum.StrEnum):
    DRAFT = "draft"
    GENERATED = "generated"
    SENT = "sent"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    OVERDUE = "overdue"
    VOID = "void"
    REFUNDED = "refunded"
    PARTIALLY_REFUNDED = "partially_refunded"
    DISPUTED = "disputed"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").title()


class DiscountKind(enum.StrEnum):
    """How the invoice-level discount is given."""

    NONE = "none"
    PERCENT = "percent"
    AMOUNT = "amount"

    @property
    def label(self) -> str:
        return {"none": "No discount", "percent": "Percent", "amount": "Amount"}[self.value]


class InvoiceSequence(Base):
    """The last number given out, a company and year; it never goes back."""

    __tablename__ = "invoice_sequences"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class Invoice(Base):
    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        Index("ix_invoices_list", "company_id", "issue_date", "id"),
        Index("ix_invoices_status", "company_id", "status", "issue_date", "id"),
        CheckConstraint("total >= 0", "total_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    number: Mapped[str] = mapped_column(String(21))  # QuickBooks' DocNumber holds 21 (contract section 4.2)
    status: Mapped[InvoiceStatus] = mapped_column(
        text_enum(InvoiceStatus, "invoice_status"), default=InvoiceStatus.DRAFT
    )
    issue_date: Mapped[date]
    due_date: Mapped[date]
    terms: Mapped[Terms | None] = mapped_column(text_enum(Terms, "invoice_terms"))
    discount_kind: Mapped[DiscountKind] = mapped_column(
        text_enum(DiscountKind, "discount_kind"), default=DiscountKind.NONE
    )
    discount_value: Mapped[Decimal] = mapped_column(Numeric(14, 4), default=Decimal(0))
    tax_rate: Mapped[Decimal] = mapped_column(Percent, default=Decimal(0))
    subtotal: Mapped[Decimal] = mapped_column(Money, default=ZERO)
    discount_total: Mapped[Decimal] = mapped_column(Money, default=ZERO)
    tax_total: Mapped[Decimal] = mapped_column(Money, default=ZERO)
    total: Mapped[Decimal] = mapped_column(Money, default=ZERO)
    paid_total: Mapped[Decimal] = mapped_column(Money, default=ZERO)
    refunded_total: Mapped[Decimal] = mapped_column(Money, default=ZERO, server_default="0")
    location_id: Mapped[int | None] = mapped_column(
        ForeignKey("service_locations.id", ondelete="SET NULL"), index=True
    )
    place: Mapped[Place] = composite(  # the location's address, kept as it was when the invoice was sent
        Place,
        mapped_column("place_label", String(80), default="", server_default=""),
        mapped_column("place_street", String(200), default="", server_default=""),
        mapped_column("place_city", String(100), default="", server_default=""),
        mapped_column("place_state", String(60), default="", server_default=""),
        mapped_column("place_postal_code", String(20), default="", server_default=""),
        mapped_column("place_country", String(60), default="", server_default=""),
    )
    notes: Mapped[str] = mapped_column(Text, default="")
    dispute_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"), unique=True)
    generated_at: Mapped[datetime | None]  # when it was finalised or imported; None while a draft
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    announced_at: Mapped[datetime | None]  # the last time (events.py) but for its import

    company: Mapped[Company] = relationship()
    customer: Mapped[Customer] = relationship()
    lines: Mapped[list[InvoiceLine]] = relationship(
        back_populates="invoice", cascade="all, delete-orphan", order_by="InvoiceLine.position"
    )
    payments: Mapped[list[Payment]] = relationship(
        back_populates="invoice", order_by="(Payment.received_on, Payment.id)"
    )
    refunds: Mapped[list[Refund]] = relationship(
        back_populates="invoice", order_by="(Refund.refunded_on, Refund.id)"
    )
    replaces: Mapped[Invoice | None] = relationship(remote_side=[id], back_populates="replaced_by")
    replaced_by: Mapped[Invoice | None] = relationship(back_populates="replaces", uselist=False)

    @property
    def subject(self) -> Subject:
        return Subject("invoice", self.id, self.number)

    @property
    def balance(self) -> Decimal:
        """What the customer still owes. A refund gives money back; it does not make anyone owe it again."""
        return ZERO if self.status is InvoiceStatus.VOID else self.total - self.paid_total

    @property
    def shown_balance(self) -> Decimal | None:
        """Beside others, where balances are added up: None for a draft, which nobody owes."""
        return None if self.status is InvoiceStatus.DRAFT else self.balance

    @hybrid_property
    def counted_total(self) -> Decimal:
        """What it adds to a sum of invoices: nothing once it is void, which is how QuickBooks keeps it too."""
        return ZERO if self.status is InvoiceStatus.VOID else self.total

    @counted_total.inplace.expression
    @classmethod
    def _counted_total(cls) -> ColumnElement[Decimal]:
        return case((cls.status == InvoiceStatus.VOID, literal(ZERO, Money)), else_=cls.total)

    @property
    def held(self) -> Decimal:
        """What was received and not given back."""
        return self.paid_total - self.refunded_total


PLACE_COLUMNS = {
    name: Invoice.__table__.c[f"place_{name}"]
    for name in ("label", "street", "city", "state", "postal_code", "country")
}


class InvoiceLine(Base):
    __tablename__ = "invoice_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    item: Mapped[str] = mapped_column(String(100))  # what was sold; becomes a QuickBooks item of this name
    description: Mapped[str] = mapped_column(Text, default="")
    quantity: Mapped[Decimal] = mapped_column(Numeric(14, 4))
    unit_price: Mapped[Decimal] = mapped_column(Numeric(14, 4))
    discount_percent: Mapped[Decimal] = mapped_column(Percent, default=Decimal(0))
    amount: Mapped[Decimal] = mapped_column(Money)  # after the line's discount

    invoice: Mapped[Invoice] = relationship(back_populates="lines")
