"""What a tie-out found, by month and as lists of invoices. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Date, Select, cast, func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.invoices.models import Invoice
from app.lib.money import ZERO
from app.quickbooks.models import SYNCABLE, Connection
from app.quickbooks.tie_out.models import TieOut, TieOutLine, Verdict

OPEN = (Verdict.MISSING, Verdict.DIFFERENT, Verdict.WAITING)  # what somebody still has to look at


@dataclass(frozen=True)
class Tally:
    """How many invoices and how much, here and in QuickBooks, which has `found` of them."""

    count: int = 0
    here: Decimal = ZERO
    found: int = 0
    there: Decimal = ZERO

    @property
    def difference(self) -> Decimal:
        return self.here - self.there

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.count + other.count,
            self.here + other.here,
            self.found + other.found,
            self.there + other.there,
        )


@dataclass(frozen=True)
class Month:
    """`first` is its first day, None for all months together; `made_there` counts what is not ours."""

    first: date | None
    by_verdict: dict[Verdict, Tally]
    made_there: Tally

    @property
    def key(self) -> str | None:
        """As addresses name it."""
        return f"{self.first:%Y-%m}" if self.first else None

    @property
    def title(self) -> str:
        return f"{self.first:%B %Y}" if self.first else "All months"

    @property
    def all(self) -> Tally:
        return sum(self.by_verdict.values(), Tally())

    @property
    def ties(self) -> bool:
        """To the cent, and not by errors that happen to cancel out."""
        return not self.all.difference and not self._is_open

    @property
    def is_explained(self) -> bool:
        """What differs was left out or never sent, and nothing is wrong with the rest."""
        return not self.ties and not self._is_open

    @property
    def _is_open(self) -> bool:
        return any(self.by_verdict[verdict].count for verdict in OPEN)


@dataclass(frozen=True)
class LineFilter:
    """Which lines a list shows; `found`: only those that QuickBooks has."""

    month: date | None = None
    verdict: Verdict | None = None
    found: bool = False


def months(tie_out: TieOut) -> list[Month]:
    """Newest first; one in which QuickBooks has invoices and we have none is among them."""
    tallies: dict[date, dict[Verdict, Tally]] = defaultdict(_no_tallies)
    month = cast(func.date_trunc("month", TieOutLine.issue_date), Date).label("month")
    query = (
        select(month, TieOutLine.verdict, *_SUMS)
        .where(TieOutLine.tie_out_id == tie_out.id)
        .group_by("month", TieOutLine.verdict)
    )
    for first, verdict, count, here, found, there in db.session.execute(query):
        tallies[first][verdict] = Tally(count, here, found, there or ZERO)
    made = {
        date.fromisoformat(f"{key}-01"): Tally(found=of["count"], there=of["total"])
        for key, of in tie_out.made_there.items()
    }
    return [
        Month(first, tallies[first], made.get(first, Tally()))
        for first in sorted({*tallies, *made}, reverse=True)
    ]


def together(listed: Iterable[Month]) -> Month:
    """The total row."""
    by_verdict, made = _no_tallies(), Tally()
    for month in listed:
        made += month.made_there
        by_verdict = {verdict: tally + month.by_verdict[verdict] for verdict, tally in by_verdict.items()}
    return Month(None, by_verdict, made)


def lines(tie_out: TieOut, choice: LineFilter) -> Select[TieOutLine]:
    """With invoice and customer; the caller orders and pages."""
    query = select(TieOutLine).options(joinedload(TieOutLine.invoice).joinedload(Invoice.customer))
    return _chosen(query, tie_out, choice)


def tally(tie_out: TieOut, choice: LineFilter) -> Tally:
    return Tally(*db.session.execute(_chosen(select(*_SUMS), tie_out, choice)).one())


def changed_since(connection: Connection, tie_out: TieOut) -> int:
    """How many invoices that sync were written to here after the comparison."""
    changed = select(func.count()).where(
        Invoice.company_id == connection.company_id,
        Invoice.status.in_(SYNCABLE),
        Invoice.updated_at > tie_out.finished_at,
    )
    return db.session.scalar(changed) or 0


def _chosen(query: Select, tie_out: TieOut, choice: LineFilter) -> Select:
    query = query.where(TieOutLine.tie_out_id == tie_out.id)
    if choice.month:
        next_month = (choice.month + timedelta(days=31)).replace(day=1)
        query = query.where(TieOutLine.issue_date >= choice.month, TieOutLine.issue_date < next_month)
    if choice.verdict:
        query = query.where(TieOutLine.verdict == choice.verdict)
    return query.where(TieOutLine.total_there.is_not(None)) if choice.found else query


def _no_tallies() -> dict[Verdict, Tally]:
    return dict.fromkeys(Verdict, Tally())


_SUMS = (
    func.count(),
    func.coalesce(func.sum(TieOutLine.total_here), ZERO),
    func.count(TieOutLine.total_there),
    func.coalesce(func.sum(TieOutLine.total_there), ZERO),
)
