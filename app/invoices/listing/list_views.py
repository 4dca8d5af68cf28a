"""The list's views: each a condition with a name, its count and its sum. Other rooms add theirs (`add`).

Counts come from tallies, so they cost the same however many invoices there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Select, and_, func, select, true

from app.accounts.models import Company
from app.extensions import db
from app.invoices.dates import today
from app.invoices.lateness import BALANCE, MAY_BE_LATE, is_late, is_open
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.tallies import InvoiceTally
from app.lib.money import ZERO

Condition = ColumnElement[bool]


def _always(_: Company) -> bool:
    return True


@dataclass(frozen=True)
class ListView:
    """`sums_up` says which money the view is about: what is open, or the whole totals."""

    key: str
    label: str
    where: Callable[[Company], Condition]
    sums_up: str = "open"
    is_offered: Callable[[Company], bool] = _always


@dataclass(frozen=True)
class Count:
    number: int
    money: Decimal


Counting = Callable[[Company], Mapping[str, Count]]

ALL = ListView("all", "All", lambda _: true())
_OWN = (
    ALL,
    ListView("draft", "Draft", lambda _: Invoice.status == InvoiceStatus.DRAFT, "totals"),
    ListView("open", "Open", lambda _: is_open()),
    ListView("overdue", "Overdue", lambda company: is_late(today(company))),
)


def register(app: Flask) -> None:
    app.extensions["invoice_views"] = []
    add(app, *_OWN, counting=_own_counts)


def add(app: Flask, *views: ListView, counting: Counting) -> None:
    """`counting` says all their counts at once, by key."""
    app.extensions["invoice_views"].append((views, counting))


def offered(company: Company) -> list[ListView]:
    return [view for views, _ in _groups() for view in views if view.is_offered(company)]


def named(key: str | None, company: Company) -> ListView:
    return next((view for view in offered(company) if view.key == key), ALL)


def counted(company: Company, views: list[ListView]) -> dict[str, Count]:
    """By key."""
    counts: dict[str, Count] = {}
    for group, counting in _groups():
        if any(view in views for view in group):
            counts.update(counting(company))
    return counts


def count(query: Select[tuple[Invoice]], view: ListView) -> Count:
    """Of the rows of that query, which is about this view. Reads them all."""
    money = (
        func.sum(Invoice.counted_total) if view.sums_up == "totals" else func.sum(BALANCE).filter(is_open())
    )
    row = db.session.execute(query.with_only_columns(func.count(), money).order_by(None)).one()
    return _count(*row)


def count_of(company: Company, status: InvoiceStatus) -> Count:
    """All of a status, and what of it is open."""
    return tallied(company, {status.value: InvoiceTally.status == status})[status.value]


def tallied(
    company: Company, conditions: Mapping[str, Condition], totals: Collection[str] = ()
) -> dict[str, Count]:
    """By key: conditions on InvoiceTally. Money is what is open, but of `totals` the whole."""
    columns: list[ColumnElement[Any]] = []
    for key, condition in conditions.items():
        money = InvoiceTally.total if key in totals else InvoiceTally.balance
        columns += (func.sum(InvoiceTally.number).filter(condition), func.sum(money).filter(condition))
    row = db.session.execute(select(*columns).where(InvoiceTally.company_id == company.id)).one()
    return {key: _count(*row[2 * place : 2 * place + 2]) for place, key in enumerate(conditions)}


def _own_counts(company: Company) -> dict[str, Count]:
    tally = InvoiceTally
    conditions: dict[str, Condition] = {
        "all": true(),
        "draft": tally.status == InvoiceStatus.DRAFT,
        "open": tally.open_due.is_not(None),
        "overdue": and_(tally.status.in_(MAY_BE_LATE), tally.open_due < today(company)),
    }
    return tallied(company, conditions, totals=("draft",))


def _groups() -> list[tuple[tuple[ListView, ...], Counting]]:
    return current_app.extensions["invoice_views"]


def _count(number: int | None, money: Decimal | None) -> Count:
    return Count(number or 0, money or ZERO)
