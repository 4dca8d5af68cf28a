"""A consent that an Owner was sent to Intuit for."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class PendingConsent(Base):
    """Used once: whoever uses it deletes the row in the same statement. It ends with the session it belongs to."""

    __tablename__ = "quickbooks_consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # of the `state`
    session_id: Mapped[int] = mapped_column(ForeignKey("user_sessions.id", ondelete="CASCADE"), index=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    without_sending: Mapped[bool] = mapped_column(default=False, server_default="false")
