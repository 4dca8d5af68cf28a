"""What somebody chose."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, now


class NotificationChoice(Base):
    """One person's choice for one kind; without a row the kind's default holds."""

    __tablename__ = "notification_choices"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    wanted: Mapped[bool]
    chosen_at: Mapped[datetime] = mapped_column(default=now)
