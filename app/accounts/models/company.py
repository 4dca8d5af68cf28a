"""A company is a tenant: it has a plan and users, and everything else belongs to it."""

from __future__ import annotations

import enum
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Enum, Numeric, String, Text, false, true
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, now


def text_enum(kind: type[enum.StrEnum], name: str, length: int = 30) -> Enum:
    """Stored as text: readable in SQL, and a new member needs no change of the table."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        length=length,
        values_callable=lambda members: [m.value for m in members],
    )


class Plan(enum.StrEnum):
    FREE = "free"
    PRO = "pro"
    ENTERPRISE = "enterprise"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def user_limit(self) -> int | None:
        """Active people and pending invitations together; None: as many as one likes."""
        return 5 if self is Plan.FREE else None

    @property
    def mails_a_day(self) -> int:
        """What people may send to addresses that they type, in 24 hours: it leaves in the product's name."""
        return 50 if self is Plan.FREE else 1000

    @property
    def has_quickbooks(self) -> bool:
        return self in (Plan.PRO, Plan.ENTERPRISE)

    @property
    def has_bulk_import(self) -> bool:
        return self in (Plan.PRO, Plan.ENTERPRISE)


PLANS_WITH_QUICKBOOKS = tuple(plan for plan in Plan if plan.has_quickbooks)


class Terms(enum.StrEnum):
    """Payment terms; the value of each gives the due date."""

    DUE_ON_RECEIPT = "due_on_receipt"
    NET_15 = "net_15"
    NET_30 = "net_30"
    NET_60 = "net_60"

    @property
    def label(self) -> str:
        return {"due_on_receipt": "Due on receipt"}.get(self.value, f"Net {self.days}")

    @property
    def days(self) -> int:
        return {"due_on_receipt": 0, "net_15": 15, "net_30": 30, "net_60": 60}[self.value]


class Currency(enum.StrEnum):
    """What a company may invoice in."""

    USD = "USD"
    CAD = "CAD"
    AUD = "AUD"
    GBP = "GBP"
    EUR = "EUR"

    @property
    def label(self) -> str:
        names = {"USD": "US dollar", "CAD": "Canadian dollar", "AUD": "Australian dollar"}
        return names.get(self.value) or {"GBP": "Pound sterling", "EUR": "Euro"}[self.value]

    @property
    def symbol(self) -> str:
        return {"GBP": "£", "EUR": "€"}.get(self.value, "$")


class Company(Base):
    __tablename__ = "companies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(Text, default="", server_default="")  # as it stands on invoices
    tax_number: Mapped[str] = mapped_column(String(40), default="", server_default="")  # on invoices too
    plan: Mapped[Plan] = mapped_column(text_enum(Plan, "plan"), default=Plan.FREE)
    time_zone: Mapped[str] = mapped_column(String(60), default="America/New_York")
    currency: Mapped[Currency] = mapped_column(text_enum(Currency, "currency"), default=Currency.USD)
    invoice_prefix: Mapped[str] = mapped_column(String(8), default="INV")
    default_tax_rate: Mapped[Decimal] = mapped_column(Numeric(7, 4), default=Decimal(0))
    payment_terms: Mapped[Terms] = mapped_column(text_enum(Terms, "payment_terms"), default=Terms.NET_30)
    created_at: Mapped[datetime] = mapped_column(default=now)
    # An Owner said at the first sign-in where the company is and what it invoices in.
    is_set_up: Mapped[bool] = mapped_column(default=True, server_default=true())
    requires_two_step: Mapped[bool] = mapped_column(default=False, server_default=false())
