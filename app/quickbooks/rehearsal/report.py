"""A rehearsal in numbers, and the lists behind them."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, func, select

from app.extensions import db
from app.lib.money import ZERO
from app.quickbooks.catalogue.keys import DOUBTFUL_CUSTOMERS
from app.quickbooks.models import RecordKind
from app.quickbooks.outbox.invoice_counts import Sum
from app.quickbooks.rehearsal.models import Fate, Rehearsal, RehearsalLine

HEADER = ("Record", "Kind", "Result", "Amount", "What is in the way", "What to do", "Cause")


@dataclass(frozen=True)
class Cause:
    """Why some records would wait; `example` is what the first of them would say."""

    key: str
    waiting: Sum
    example: str
    remedy: str


@dataclass(frozen=True)
class Report:
    invoices: dict[Fate, Sum]
    others: dict[Fate, int]  # customers, payments and refunds
    causes: list[Cause]
    doubtful: int

    @property
    def is_empty(self) -> bool:
        return not (self.has_invoices or any(self.others.values()))

    @property
    def has_invoices(self) -> bool:
        return any(one.count for one in self.invoices.values())

    @property
    def is_clear(self) -> bool:
        """Everything would go at once."""
        is_read_first = self.others[Fate.READ_FIRST] or self.invoices[Fate.READ_FIRST].count
        return not (self.causes or is_read_first)


@dataclass(frozen=True)
class Choice:
    """The list behind a number."""

    fate: Fate | None = None
    problem: str = ""
    kind: RecordKind | None = None
    doubtful: bool = False


def report(run: Rehearsal) -> Report:
    line = RehearsalLine
    rows = db.session.execute(
        select(
            line.kind,
            line.fate,
            line.problem,
            func.count(),
            func.sum(line.amount),
            func.min(line.message),
            func.min(line.remedy),
        )
        .where(line.rehearsal_id == run.id)
        .group_by(line.kind, line.fate, line.problem)
    ).all()
    invoices, others, doubtful = dict.fromkeys(Fate, Sum()), dict.fromkeys(Fate, 0), 0
    causes: dict[str, Cause] = {}
    for kind, fate, key, count, total, message, remedy in rows:
        if kind is RecordKind.INVOICE:
            invoices[fate] = _plus(invoices[fate], count, total)
        else:
            others[fate] += count
        if kind is RecordKind.CUSTOMER and key in DOUBTFUL_CUSTOMERS:
            doubtful += count
        if fate is Fate.WAITS:
            so_far = causes.get(key, Cause(key, Sum(), message, remedy))
            counted = _plus(so_far.waiting, count, total if kind is RecordKind.INVOICE else None)
            causes[key] = Cause(key, counted, so_far.example, so_far.remedy)
    return Report(invoices, others, sorted(causes.values(), key=lambda one: -one.waiting.count), doubtful)


def lines(run: Rehearsal, choice: Choice) -> Select[RehearsalLine]:
    query = select(RehearsalLine).where(RehearsalLine.rehearsal_id == run.id)
    if choice.fate:
        query = query.where(RehearsalLine.fate == choice.fate)
    if choice.problem:
        query = query.where(RehearsalLine.problem == choice.problem)
    if choice.kind:
        query = query.where(RehearsalLine.kind == choice.kind)
    if choice.doubtful:
        query = query.where(
            RehearsalLine.kind == RecordKind.CUSTOMER, RehearsalLine.problem.in_(DOUBTFUL_CUSTOMERS)
        )
    return query


def row(line: RehearsalLine) -> tuple[str | Decimal | None, ...]:
    """Of the CSV file."""
    return (line.name, line.kind.value, line.fate.label, line.amount, line.message, line.remedy, line.problem)


def _plus(so_far: Sum, count: int, total: Decimal | None) -> Sum:
    return Sum(so_far.count + count, so_far.total + (total or ZERO))
