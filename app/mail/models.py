"""A message waits here until it has left, or until somebody can read why it did not."""

from __future__ import annotations

import enum
import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import text_enum
from app.extensions import Base, now


class MessageState(enum.StrEnum):
    QUEUED = "queued"  # sent at `due_at`
    SENDING = "sending"  # somebody talks to the mail server; nothing of the message has left yet
    HANDING_OVER = "handing_over"  # the message itself is on the wire
    SENT = "sent"  # the mail server took it
    UNCLEAR = "unclear"  # handed over, but the answer was lost: it may have arrived
    GIVEN_UP = "given_up"  # it did not leave, and is not tried again

    @property
    def is_final(self) -> bool:
        return self in (MessageState.SENT, MessageState.UNCLEAR, MessageState.GIVEN_UP)


def new_reference() -> str:
    return secrets.token_hex(16)


class Message(Base):
    """One message to one address. `event` and `recipient` are unique together: one event is told once."""

    __tablename__ = "mail_messages"
    __table_args__ = (
        UniqueConstraint("event", "recipient"),
        Index("ix_mail_messages_company", "company_id", "queued_at"),
        Index(
            "ix_mail_messages_open",
            "due_at",
            postgresql_where=text("state IN ('queued', 'sending', 'handing_over')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(String(200))
    recipient: Mapped[str] = mapped_column(String(254))
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    reply_to: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(300))
    # {"text", "html"}, sealed, because a link in it may open an account. Emptied once the message is final.
    sealed_body: Mapped[str] = mapped_column(Text, deferred=True)
    attachment_name: Mapped[str] = mapped_column(String(200), default="")
    attachment: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # a PDF; emptied likewise
    unsubscribe_url: Mapped[str] = mapped_column(String(500), default="")
    reference: Mapped[str] = mapped_column(String(32), default=new_reference)  # of its Message-ID

    state: Mapped[MessageState] = mapped_column(
        text_enum(MessageState, "mail_state"), default=MessageState.QUEUED
    )
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(String(500), default="")  # what happened last, in words
    queued_at: Mapped[datetime] = mapped_column(default=now)
    due_at: Mapped[datetime] = mapped_column(default=now)
    good_until: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    lease_owner: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
