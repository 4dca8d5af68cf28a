"""What reached QuickBooks and what came to need somebody, day by day."""

import enum
from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import text_enum
from app.extensions import Base


class DayOutcome(enum.StrEnum):
    SENT = "sent"  # QuickBooks took it
    FAILED = "failed"  # it came to need a person


class DayCount(Base):
    """How many records of a connection had this outcome on a day of the company's (outbox/day_counts.py).

    `within` is a number of seconds: so long at most did it take from the save. 0: it is not known.
    """

    __tablename__ = "quickbooks_day_counts"

    connection_id: Mapped[int] = mapped_column(
        ForeignKey("quickbooks_connections.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    outcome: Mapped[DayOutcome] = mapped_column(text_enum(DayOutcome, "day_outcome"), primary_key=True)
    within: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
