"""What the integration remembers. Every row hangs on a Connection, that is on a company and a realm:
the ids of one QuickBooks company can never be used in another.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Company, text_enum
from app.extensions import Base, now
from app.invoices.models import InvoiceStatus


class ConnectionState(enum.StrEnum):
    CONNECTED = "connected"
    RECONNECT_NEEDED = "reconnect_needed"  # QuickBooks no longer accepts our tokens; the queue waits
    DISCONNECTED = "disconnected"


class TaskState(enum.StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    CHECKING = "checking"
    BACKOFF = "backoff"
    ERROR = "error"
    SYNCED = "synced"
    SKIPPED = "skipped"


class RecordKind(enum.StrEnum):
    CUSTOMER = "customer"
    ITEM = "item"
    INVOICE = "invoice"
    PAYMENT = "payment"
    REFUND = "refund"

    @property
    def entity(self) -> str:
        """QuickBooks' name for it."""
        return "RefundReceipt" if self is RecordKind.REFUND else self.value.capitalize()


# domain, promise 7: a draft is nobody's business yet, a disputed invoice goes through the reissue workflow.
SYNCABLE = frozenset(InvoiceStatus) - {InvoiceStatus.DRAFT, InvoiceStatus.DISPUTED}


class BatchState(enum.StrEnum):
    WRITTEN = "written"  # stored, perhaps sent: until it is settled nobody may assume either
    SETTLED = "settled"


class Connection(Base):
    """A company's link to one QuickBooks company (realm), kept after a disconnect for when it comes back."""

    __tablename__ = "quickbooks_connections"
    __table_args__ = (
        UniqueConstraint("company_id", "environment", "realm_id"),
        Index(
            "uq_quickbooks_connections_live_company",
            "company_id",
            unique=True,
            postgresql_where=text("state <> 'disconnected'"),
        ),
        # Two tenants writing to one realm would not see each other's links, nor share its pace.
        Index(
            "uq_quickbooks_connections_live_realm",
            "environment",
            "realm_id",
            unique=True,
            postgresql_where=text("state <> 'disconnected'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    realm_id: Mapped[str] = mapped_column(String(40))
    environment: Mapped[str] = mapped_column(String(12))
    state: Mapped[ConnectionState] = mapped_column(text_enum(ConnectionState, "connection_state"))
    remote_name: Mapped[str] = mapped_column(String(1024), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)  # company.CompanyFacts
    facts_read_at: Mapped[datetime | None]

    access_token: Mapped[str] = mapped_column(Text, default="")  # sealed by secrets_box
    refresh_token: Mapped[str] = mapped_column(Text, default="")  # sealed by secrets_box
    access_expires_at: Mapped[datetime | None]
    refresh_expires_at: Mapped[datetime | None]
    refreshing_until: Mapped[datetime | None]  # one refresher at a time (contract section 1.5)
    refresh_failed_at: Mapped[datetime | None]  # a first invalid_grant, to be confirmed by one later try

    first_connected_at: Mapped[datetime] = mapped_column(default=now)
    connected_at: Mapped[datetime] = mapped_column(default=now)
    disconnected_at: Mapped[datetime | None]
    last_sync_at: Mapped[datetime | None]

    lease_owner: Mapped[str | None] = mapped_column(String(64))  # the one sender of this realm
    lease_until: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    pause_code: Mapped[str] = mapped_column(String(40), default="")  # a key of catalogue.py

    company: Mapped[Company] = relationship()
    preferences: Mapped[Preferences] = relationship(
        back_populates="connection", cascade="all, delete-orphan", uselist=False
    )


class Preferences(Base):
    """What the Owner chose to sync, and how."""

    __tablename__ = "quickbooks_preferences"

    connection_id: Mapped[int] = mapped_column(
        ForeignKey("quickbooks_connections.id", ondelete="CASCADE"), primary_key=True
    )
    sync_customers: Mapped[bool] = mapped_column(default=True)
    sync_invoices: Mapped[bool] = mapped_column(default=True)
    sync_payments: Mapped[bool] = mapped_column(default=False, server_default="false")  # and refunds
    income_account_id: Mapped[str | None] = mapped_column(String(40))
    deposit_account_id: Mapped[str | None] = mapped_column(String(40))  # payments into it, refunds out of it
    tax_codes: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}")  # Id by rate

    connection: Mapped[Connection] = relationship(back_populates="preferences")


class Item(Base):
    """A name on our invoice lines that needs a QuickBooks item; `name_key` compares as QuickBooks does."""

    __tablename__ = "quickbooks_items"
    __table_args__ = (UniqueConstraint("connection_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("quickbooks_connections.id", ondelete="CASCADE"))
    name_key: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(100))


class SyncTask(Base):
    """The outbox: one row per connection and record, for good; its state says where the record is.

    `wanted` counts the intentions (an edit, a forced push, a correction), `sent` is the one last put on the
    wire, `reached` the last that QuickBooks confirmed. A row whose wanted is ahead is sent again afterwards.
    """

    __tablename__ = "quickbooks_tasks"
    __table_args__ = (
        UniqueConstraint("connection_id", "kind", "record_id"),
        Index("ix_quickbooks_tasks_due", "connection_id", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("quickbooks_connections.id", ondelete="CASCADE"))
    kind: Mapped[RecordKind] = mapped_column(text_enum(RecordKind, "record_kind"))
    record_id: Mapped[int]
    state: Mapped[TaskState] = mapped_column(text_enum(TaskState, "task_state"), default=TaskState.QUEUED)
    wanted: Mapped[int] = mapped_column(Integer, default=1)
    sent: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    reached: Mapped[int] = mapped_column(Integer, default=0)
    by_hand: Mapped[bool] = mapped_column(
        default=False
    )  # somebody asked: goes first, and even with auto-sync off
    due_at: Mapped[datetime] = mapped_column(default=now)
    queued_at: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    fixes: Mapped[int] = mapped_column(default=0)  # corrections made by ourselves in this series
    problem: Mapped[str] = mapped_column(String(40), default="")  # a key of catalogue.py
    message: Mapped[str] = mapped_column(Text, default="")  # the sentence a person reads
    remedy: Mapped[str] = mapped_column(Text, default="")  # the one thing to do about it
    # What a person is asked about a name or number that QuickBooks has already, and what they chose (answers.py).
    question: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}")
    answer: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}")
    waits_for_id: Mapped[int | None] = mapped_column(ForeignKey("quickbooks_tasks.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("quickbooks_batches.id"), index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    connection: Mapped[Connection] = relationship()
    attempts_made: Mapped[list[SyncAttempt]] = relationship(
        back_populates="task", order_by="SyncAttempt.id.desc()", cascade="all, delete-orphan"
    )


class PushBatch(Base):
    """The write-ahead row: what is about to be sent, under which request id, stored before it is sent.

    `items` is a list of {"bid", "task_id", "version", "operation", "entity", "body"}.
    """

    __tablename__ = "quickbooks_batches"
    __table_args__ = (
        UniqueConstraint("connection_id", "request_id"),
        Index("ix_quickbooks_batches_open", "connection_id", postgresql_where=text("state = 'written'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("quickbooks_connections.id", ondelete="CASCADE"))
    request_id: Mapped[str] = mapped_column(String(36))
    state: Mapped[BatchState] = mapped_column(
        text_enum(BatchState, "batch_state"), default=BatchState.WRITTEN
    )
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    checks: Mapped[int] = mapped_column(default=0)  # times recovery has tried to learn its outcome
    check_at: Mapped[datetime | None]
    # The latest moment at which it may have left; QuickBooks may work on it for its time limit from then.
    last_sent_at: Mapped[datetime] = mapped_column(default=now)
    settled_at: Mapped[datetime | None]


class RemoteLink(Base):
    """Our record is this QuickBooks record; unique both ways."""

    __tablename__ = "quickbooks_links"
    __table_args__ = (
        UniqueConstraint("connection_id", "kind", "record_id"),
        Index(
            "uq_quickbooks_links_remote",
            "connection_id",
            "kind",
            "remote_id",
            unique=True,
            postgresql_where=text("kind <> 'item'"),  # two of our names may mean one QuickBooks item
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("quickbooks_connections.id", ondelete="CASCADE"))
    kind: Mapped[RecordKind] = mapped_column(text_enum(RecordKind, "link_kind"))
    record_id: Mapped[int]
    remote_id: Mapped[str] = mapped_column(String(40))
    sync_token: Mapped[str] = mapped_column(String(20))
    snapshot: Mapped[dict[str, Any]] = mapped_column(
        JSONB, default=dict
    )  # what QuickBooks last answered, in brief
    # What is different in QuickBooks and somebody chose to leave so: {"at", "by", "fields": in words}.
    left_different: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    linked_at: Mapped[datetime] = mapped_column(default=now)
    pushed_at: Mapped[datetime] = mapped_column(default=now)  # when the data last sent was read here


class SyncAttempt(Base):
    """One try at one record, or what a person decided about it, and what came of it. Never changed afterwards."""

    __tablename__ = "quickbooks_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("quickbooks_tasks.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int]
    operation: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    request_id: Mapped[str] = mapped_column(String(36), default="")
    http_status: Mapped[int | None]
    code: Mapped[str] = mapped_column(String(20), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    intuit_tid: Mapped[str] = mapped_column(String(80), default="")
    fault: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    task: Mapped[SyncTask] = relationship(back_populates="attempts_made")
