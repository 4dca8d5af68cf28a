"""What was billed, what came in and what was given back, month by month, and the chart of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Date, cast, func, select

from app.accounts.models import Company
from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus, Payment, Refund
from app.lib.money import ZERO

MONTHS = 12
WIDTH, HEIGHT, BAR = 720, 160, 20  # of the chart, in its own units
WORTH_NOTHING = (InvoiceStatus.DRAFT, InvoiceStatus.VOID)


@dataclass(frozen=True)
class Month:
    """`billed` is the total of invoices issued in it, `received` what was paid in it, and `given_back` what was
    refunded in it, whatever became of their invoices since.
    """

    first_day: date
    billed: Decimal = ZERO
    received: Decimal = ZERO
    given_back: Decimal = ZERO

    @property
    def name(self) -> str:
        return f"{self.first_day:%b %Y}"


@dataclass(frozen=True)
class Bar:
    """A column of the chart, from its upper left corner down."""

    x: int
    y: int
    height: int
    kind: str


def last_months(company: Company, today: date) -> list[Month]:
    """The present month is the last of them. Money in the company's currency."""
    firsts = [_months_before(today, ago) for ago in reversed(range(MONTHS))]
    billed = select(_month_of(Invoice.issue_date), func.sum(Invoice.total)).where(
        Invoice.company_id == company.id,
        Invoice.issue_date >= firsts[0],
        Invoice.status.not_in(WORTH_NOTHING),
    )
    received = select(_month_of(Payment.received_on), func.sum(Payment.amount)).where(
        Payment.company_id == company.id,
        Payment.received_on >= firsts[0],
        Payment.taken_back_at.is_(None),
    )
    given_back = select(_month_of(Refund.refunded_on), func.sum(Refund.amount)).where(
        Refund.company_id == company.id, Refund.refunded_on >= firsts[0]
    )
    queries = (query.group_by("month") for query in (billed, received, given_back))
    sums = [dict(db.session.execute(query).tuples().all()) for query in queries]
    return [Month(first, *(each.get(first, ZERO) for each in sums)) for first in firsts]


def _month_of(day: Any) -> ColumnElement[date]:
    """Its first day."""
    return cast(func.date_trunc("month", day), Date).label("month")


def bars(months: list[Month]) -> list[Bar]:
    """Two columns a month; the largest amount is as high as the chart."""
    largest = max((max(month.billed, month.received) for month in months), default=ZERO) or Decimal(1)
    step = WIDTH // MONTHS
    return [
        Bar(place * step + offset, HEIGHT - height, height, kind)
        for place, month in enumerate(months)
        for offset, kind, money in ((6, "billed", month.billed), (8 + BAR, "received", month.received))
        if (height := int(HEIGHT * money / largest))
    ]


def _months_before(day: date, ago: int) -> date:
    months = day.year * 12 + day.month - 1 - ago
    return date(months // 12, months % 12 + 1, 1)
