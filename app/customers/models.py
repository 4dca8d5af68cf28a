"""A customer, company or individual, with one or more service locations."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Company, text_enum
from app.activity.models import Subject
from app.customers.place import Place
from app.extensions import Base, now


class CustomerKind(enum.StrEnum):
    COMPANY = "company"
    INDIVIDUAL = "individual"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Customer(Base):
    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        Index("ix_customers_list", "company_id", "name", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    number: Mapped[str | None] = mapped_column(String(40))  # the key a CSV import knows the customer by
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[CustomerKind] = mapped_column(
        text_enum(CustomerKind, "customer_kind"), default=CustomerKind.COMPANY
    )
    contact_given_name: Mapped[str] = mapped_column(String(100), default="")
    contact_family_name: Mapped[str] = mapped_column(String(100), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    tax_exempt: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    company: Mapped[Company] = relationship()
    locations: Mapped[list[ServiceLocation]] = relationship(
        back_populates="customer",
        cascade="all, delete-orphan",
        order_by="ServiceLocation.is_primary.desc(), ServiceLocation.id",
    )

    @property
    def subject(self) -> Subject:
        return Subject("customer", self.id, self.name)

    @property
    def contact_name(self) -> str:
        return f"{self.contact_given_name} {self.contact_family_name}".strip()

    @property
    def primary_location(self) -> ServiceLocation | None:
        return next((place for place in self.locations if place.is_primary), None)

    @property
    def bill_to(self) -> list[str]:
        """How an invoice addresses them, line by line, below the name."""
        primary = self.primary_location
        return [line for line in (self.contact_name, *(primary.place.lines if primary else ())) if line]


class ServiceLocation(Base):
    __tablename__ = "service_locations"
    __table_args__ = (
        Index(
            "uq_service_locations_primary",
            "customer_id",
            unique=True,
            postgresql_where=text("is_primary"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(80), default="")
    street: Mapped[str] = mapped_column(String(200), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    state: Mapped[str] = mapped_column(String(60), default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    country: Mapped[str] = mapped_column(String(60), default="")
    is_primary: Mapped[bool] = mapped_column(default=False)

    customer: Mapped[Customer] = relationship(back_populates="locations")

    @property
    def place(self) -> Place:
        return Place(self.label, self.street, self.city, self.state, self.postal_code, self.country)

    @property
    def city_line(self) -> str:
        return self.place.city_line
