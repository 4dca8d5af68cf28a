"""What signing in leaves behind: sessions, one-time links, recovery codes and counted tries.

Of what is secret in a link or a cookie only a digest is kept (app.accounts.secrets), so that a copy of the
database opens nothing.
"""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models.company import text_enum
from app.accounts.models.user import User
from app.extensions import Base, now


class UserSession(Base):
    """A browser somebody is signed in with. Without its row a cookie is worth nothing."""

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    is_kept: Mapped[bool] = mapped_column(default=False)  # "Keep me signed in"
    started_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime] = mapped_column(default=now)  # the password was typed last
    ends_at: Mapped[datetime] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(String(45), default="")
    device: Mapped[str] = mapped_column(String(400), default="")  # what the browser calls itself

    user: Mapped[User] = relationship()


class LinkPurpose(enum.StrEnum):
    RESET = "reset"  # choose a new password
    EMAIL = "email"  # prove a new address
    SIGN_UP = "sign_up"  # open a company


class OneTimeLink(Base):
    """Sent by mail, used once: whoever uses it deletes the row in the same statement."""

    __tablename__ = "one_time_links"
    __table_args__ = (Index("ix_one_time_links_of", "purpose", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[LinkPurpose] = mapped_column(text_enum(LinkPurpose, "link_purpose"))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))  # where it was sent
    ends_at: Mapped[datetime] = mapped_column(index=True)

    user: Mapped[User | None] = relationship()


class RecoveryCode(Base):
    """A way in without the phone. Used once, like a link."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(Text)


class TryCount(Base):
    """How often somebody tried to get into one account lately; `next_at`: no try is looked at before."""

    __tablename__ = "try_counts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime]
    next_at: Mapped[datetime]
