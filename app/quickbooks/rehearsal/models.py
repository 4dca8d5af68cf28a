"""What a rehearsal remembers: one run, and a line for each record that waits."""

from __future__ import annotations

import enum
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import text_enum
from app.extensions import Base
from app.invoices.models import Money
from app.quickbooks.models import RecordKind
from app.quickbooks.models.runs import Run


class Fate(enum.StrEnum):
    """What would become of a record."""

    GOES = "goes"
    WAITS = "waits"  # for a person
    READ_FIRST = "read_first"  # QuickBooks' record changed there and is read before this one goes

    @property
    def label(self) -> str:
        labels = {Fate.GOES: "Would go", Fate.WAITS: "Would wait", Fate.READ_FIRST: "Looked at first"}
        return labels[self]


class Rehearsal(Run):
    __tablename__ = "quickbooks_rehearsals"

    done: Mapped[int] = mapped_column(default=0)  # records so far, of `expected`
    expected: Mapped[int] = mapped_column(default=0)
    chosen: Mapped[str] = mapped_column(String(64), default="")  # a digest of the preferences it went by


class RehearsalLine(Base):
    __tablename__ = "quickbooks_rehearsal_lines"
    __table_args__ = (Index("ix_quickbooks_rehearsal_lines_run", "rehearsal_id", "kind", "fate", "problem"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rehearsal_id: Mapped[int] = mapped_column(ForeignKey("quickbooks_rehearsals.id", ondelete="CASCADE"))
    kind: Mapped[RecordKind] = mapped_column(text_enum(RecordKind, "rehearsal_kind"))
    record_id: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    amount: Mapped[Decimal | None] = mapped_column(Money)  # of an invoice, a payment or a refund
    fate: Mapped[Fate] = mapped_column(text_enum(Fate, "rehearsal_fate"))
    problem: Mapped[str] = mapped_column(String(40), default="")  # a key of the catalogue
    message: Mapped[str] = mapped_column(Text, default="")
    remedy: Mapped[str] = mapped_column(Text, default="")
