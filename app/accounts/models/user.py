"""People of a company, and what the role of each lets them do."""

from __future__ import annotations

import enum
from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts import password_hashes
from app.accounts.models.company import Company, text_enum
from app.extensions import Base, now


class Role(enum.StrEnum):
    OWNER = "owner"
    DISPATCHER = "dispatcher"
    BOOKKEEPER = "bookkeeper"  # often from outside the company
    TECHNICIAN = "technician"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class User(UserMixin, Base):
    __tablename__ = "users"
    __table_args__ = (Index("uq_users_email_lower", text("lower(email)"), unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(text_enum(Role, "role"))
    password_hash: Mapped[str] = mapped_column(String(255))
    time_zone: Mapped[str | None] = mapped_column(String(60))  # None: the company's
    created_at: Mapped[datetime] = mapped_column(default=now)
    deactivated_at: Mapped[datetime | None]
    sealed_totp_secret: Mapped[str | None] = mapped_column(Text)  # None: no two-step sign-in
    last_totp_step: Mapped[int] = mapped_column(default=0, server_default="0")  # no code is taken twice

    company: Mapped[Company] = relationship()

    session_token = ""  # of the browser it signs in with; flask-login keeps it in the cookie

    def get_id(self) -> str:
        return self.session_token

    @property
    def is_active(self) -> bool:
        return self.deactivated_at is None

    @property
    def has_two_step(self) -> bool:
        return self.sealed_totp_secret is not None

    @property
    def shown_time_zone(self) -> str:
        return self.time_zone or self.company.time_zone

    def set_password(self, password: str) -> None:
        self.password_hash = password_hashes.make(password)

    def has_password(self, password: str) -> bool:
        """Renews the hash where it was made with less than today's strength; the caller commits."""
        if not password_hashes.fits(self.password_hash, password):
            return False
        if password_hashes.is_outdated(self.password_hash):
            self.set_password(password)
        return True

    @property
    def is_owner(self) -> bool:
        return self.role is Role.OWNER

    @property
    def in_office(self) -> bool:
        """Reads invoices. A technician works in the field and only reads customers."""
        return self.role is not Role.TECHNICIAN

    @property
    def serves_customers(self) -> bool:
        """Adds and changes customers."""
        return self.role in (Role.OWNER, Role.DISPATCHER)

    @property
    def keeps_books(self) -> bool:
        """Looks after the sync with QuickBooks; only an Owner connects and configures it."""
        return self.role in (Role.OWNER, Role.BOOKKEEPER)
