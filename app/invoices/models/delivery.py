"""Invoices that were sent by e-mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.extensions import Base, now
from app.invoices.models.invoice import Invoice
from app.mail.models import Message


class InvoiceDelivery(Base):
    """An invoice that somebody sent by e-mail; the message says what became of it."""

    __tablename__ = "invoice_deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("mail_messages.id", ondelete="CASCADE"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=now)

    invoice: Mapped[Invoice] = relationship()
    message: Mapped[Message] = relationship()
    user: Mapped[User] = relationship()
