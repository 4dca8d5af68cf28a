"""What people did, and what the clock did for them. A row is written once and never changed."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User, text_enum
from app.extensions import Base, now

LONGEST_NAME = 200
LISTED = text("NOT is_part")  # on the Activity page


class ActivityKind(enum.StrEnum):
    """What an event is about; the page filters by it."""

    SIGN_IN = "sign_in"
    TEAM = "team"
    COMPANY = "company"
    QUICKBOOKS = "quickbooks"
    SYNC = "sync"
    CUSTOMER = "customer"
    INVOICE = "invoice"
    IMPORT = "import"
    MAIL = "mail"

    @property
    def label(self) -> str:
        return {
            "sign_in": "Signing in",
            "company": "Company and plan",
            "quickbooks": "QuickBooks connection",
            "sync": "Sync decisions",
            "customer": "Customers",
            "invoice": "Invoices",
            "import": "Imports",
        }.get(self.value, self.value.capitalize())


class Subject(NamedTuple):
    """The record an event is about: `kind` is "invoice", "customer", "user", …; `name` is what people call it."""

    kind: str
    id: int
    name: str


class Activity(Base):
    """`changes` is a list of [what, before, after], each a text for people."""

    __tablename__ = "activities"
    __table_args__ = (
        Index("ix_activities_list", "company_id", "at", "id", postgresql_where=LISTED),
        Index("ix_activities_person", "company_id", "user_id", "at", "id", postgresql_where=LISTED),
        Index("ix_activities_kind", "company_id", "kind", "at", "id", postgresql_where=LISTED),
        Index(
            "ix_activities_record_name",
            "company_id",
            "record_key",
            postgresql_ops={"record_key": "text_pattern_ops"},
            postgresql_where=LISTED,
        ),
        Index("ix_activities_record", "company_id", "record_kind", "record_id", "id"),
        Index("ix_activities_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # None: the clock
    address: Mapped[str] = mapped_column(String(45), default="")  # IPv4 or IPv6; "" outside a request
    kind: Mapped[ActivityKind] = mapped_column(text_enum(ActivityKind, "activity_kind"))
    text: Mapped[str] = mapped_column(Text)  # follows the person's name: "recorded a payment of $40.00"
    record_kind: Mapped[str] = mapped_column(String(20), default="")
    record_id: Mapped[int | None]
    record_name: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")  # as it was called then
    record_key: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")  # its name in lower case
    changes: Mapped[list[list[str]]] = mapped_column(JSONB, default=list)
    is_part: Mapped[bool] = mapped_column(default=False)  # of an event with a row of its own, as an import

    user: Mapped[User | None] = relationship()

    @property
    def subject(self) -> Subject | None:
        return Subject(self.record_kind, self.record_id, self.record_name) if self.record_id else None
