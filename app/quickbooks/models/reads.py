"""How often QuickBooks was read."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class ReadCount(Base):
    """Metered reads of a QuickBooks company in one month, for one reason (account/metering.py).

    It hangs on the realm, because a company is read before it is connected.
    """

    __tablename__ = "quickbooks_reads"

    realm_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True, index=True)  # 2026-11, Pacific time
    reason: Mapped[str] = mapped_column(String(20), primary_key=True)
    times: Mapped[int]
