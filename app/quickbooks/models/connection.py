"""A company's link to one QuickBooks company (realm), and what the Owner chose for it."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Computed,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Company, text_enum
from app.extensions import Base, now

OFF_KINDS = (
    "array_remove(ARRAY["
    "CASE WHEN NOT sync_customers THEN 'customer' END, "
    "CASE WHEN NOT sync_invoices THEN 'invoice' END, "
    "CASE WHEN NOT sync_payments THEN 'payment' END, "
    "CASE WHEN NOT sync_payments THEN 'refund' END], NULL)"
)


class ConnectionState(enum.StrEnum):
    CONNECTED = "connected"
    RECONNECT_NEEDED = "reconnect_needed"  # QuickBooks no longer accepts our tokens; the queue waits
    DISCONNECTED = "disconnected"


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
        Index(
            "ix_quickbooks_connections_renewal",
            "renewal_due_at",
            postgresql_where=text("state = 'connected'"),
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
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)  # mapping.facts.CompanyFacts
    facts_read_at: Mapped[datetime | None]
    customers_read_at: Mapped[datetime | None]  # when their whole list was last read (matching/directory.py)

    access_token: Mapped[str] = mapped_column(Text, default="")  # sealed by secrets_box
    refresh_token: Mapped[str] = mapped_column(Text, default="")  # sealed by secrets_box
    access_expires_at: Mapped[datetime | None]
    refresh_expires_at: Mapped[datetime | None]  # each renewal moves it on
    authorization_ends_at: Mapped[datetime | None]  # five years after the consent, whatever is renewed
    # When it is next renewed, if idle or in doubt (account/renewal.py).
    renewal_due_at: Mapped[datetime | None]
    refreshing_until: Mapped[datetime | None]  # one refresher at a time (contract section 1.5)
    refresh_failed_at: Mapped[datetime | None]  # a first invalid_grant, to be confirmed by one later try

    # What is generated after the latest connecting goes by itself. What is from between the two was generated while
    # nothing was sent: it is offered, apart from what is older than the first.
    first_connected_at: Mapped[datetime] = mapped_column(default=now)
    connected_at: Mapped[datetime] = mapped_column(default=now)
    disconnected_at: Mapped[datetime | None]
    last_sync_at: Mapped[datetime | None]

    # After a restore: links with a higher id are to be read again before anything is sent (lane/restoration.py).
    read_again_from: Mapped[int | None]
    # When that was last so. Only the version before this one reads it, which serves while a release migrates.
    restored_at: Mapped[datetime | None]
    # Invoices never sent are looked for there (matching/finding_invoices.py): since when, last when, what failed.
    earlier_asked_at: Mapped[datetime | None]
    earlier_read_at: Mapped[datetime | None]
    earlier_trouble: Mapped[str] = mapped_column(String(40), default="", server_default="")
    lease_owner: Mapped[str | None] = mapped_column(String(64))  # the one sender of this realm
    lease_until: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]
    reads_blocked_until: Mapped[datetime | None]  # the quota of reads is used up; asked again then
    pause_code: Mapped[str] = mapped_column(String(40), default="")  # a key of catalogue/
    # QuickBooks said that the company was reset, and has taken no change of anything linked since.
    reset_told_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]  # a person paused it; nothing is sent until one starts it
    held_by: Mapped[str] = mapped_column(String(200), default="", server_default="")

    reconnect_needed_at: Mapped[datetime | None]
    # The last notice that this needs attention (notices/attention.py): when, and up to which change it tells.
    attention_told_at: Mapped[datetime | None]
    attention_seen_until: Mapped[datetime | None]

    checked_until: Mapped[datetime | None]  # what changed there up to then was compared (checks/daily.py)
    check_due_at: Mapped[datetime | None]

    # Kinds of which webhooks came since it was connected.
    told_kinds: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]")
    unheard_since: Mapped[datetime | None]  # the first write of ours that no webhook has followed
    # The list of what is there (lane/known.py): its kinds, up to when it has their changes, how long it holds.
    known_kinds: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]")
    known_until: Mapped[datetime | None]
    known_fresh_until: Mapped[datetime | None]
    numbers_refused_at: Mapped[datetime | None]  # QuickBooks refused a number in use: it does so by itself

    company: Mapped[Company] = relationship()
    preferences: Mapped[Preferences] = relationship(
        back_populates="connection", cascade="all, delete-orphan", uselist=False
    )

    def is_paused(self, moment: datetime) -> bool:
        """QuickBooks' trouble, or what it told us to wait for: it ends by itself. A person's pause is `held_at`."""
        return self.paused_until is not None and self.paused_until > moment

    def reads_are_blocked(self, moment: datetime) -> bool:
        """The quota of reads is used up."""
        return self.reads_blocked_until is not None and self.reads_blocked_until > moment


LIVE = Connection.state != ConnectionState.DISCONNECTED  # the condition: at most one of a company


def paused_at(moment: datetime) -> ColumnElement[bool]:
    """The condition for `Connection.is_paused`."""
    return func.coalesce(Connection.paused_until > moment, false())


def reads_blocked_at(moment: datetime) -> ColumnElement[bool]:
    """The condition for `Connection.reads_are_blocked`."""
    return func.coalesce(Connection.reads_blocked_until > moment, false())


class Preferences(Base):
    """What the Owner chose to sync, and how."""

    __tablename__ = "quickbooks_preferences"

    connection_id: Mapped[int] = mapped_column(
        ForeignKey("quickbooks_connections.id", ondelete="CASCADE"), primary_key=True
    )
    sync_customers: Mapped[bool] = mapped_column(default=True)
    sync_invoices: Mapped[bool] = mapped_column(default=True)
    # Invoices dated before it are not sent by themselves. None: those generated before the connection are not.
    send_from: Mapped[date | None]
    sync_payments: Mapped[bool] = mapped_column(default=False, server_default="false")  # and refunds
    online_payments: Mapped[bool] = mapped_column(default=False, server_default="false")  # through QuickBooks
    income_account_id: Mapped[str | None] = mapped_column(String(40))
    deposit_account_id: Mapped[str | None] = mapped_column(String(40))  # payments into it, refunds out of it
    tax_codes: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}")  # Id by rate
    # By our payment method: QuickBooks' account and method, where they are not the usual ones.
    deposit_accounts: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}")
    payment_methods: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}")
    # A Tracking (mapping/tracking.py).
    tracking: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")

    # The kinds whose rows wait (outbox/switches.py).
    off_kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), Computed(OFF_KINDS))

    connection: Mapped[Connection] = relationship(back_populates="preferences")

    def account_for(self, method: str) -> str | None:
        """Where money of this method goes to and comes from."""
        return (self.deposit_accounts or {}).get(method) or self.deposit_account_id
