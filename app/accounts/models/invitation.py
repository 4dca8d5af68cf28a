"""Somebody was asked to join a company and has not answered yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models.company import Company, text_enum
from app.accounts.models.user import Role
from app.extensions import Base, now


class Invitation(Base):
    """Accepted or withdrawn, its row is deleted. While it is good it counts towards the plan's users."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("company_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[Role] = mapped_column(text_enum(Role, "role"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # of the link sent last
    times_sent: Mapped[int] = mapped_column(default=1)
    ends_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=now)

    company: Mapped[Company] = relationship()

    @property
    def is_good(self) -> bool:
        return self.ends_at > now()
