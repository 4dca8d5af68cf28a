"""The list's views: each a condition with a name, its count and its sum. Other rooms add theirs (`add`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Select, func, select, true

from app.accounts.models import Company
from app.extensions import db
from app.invoices.dates import today
from app.invoices.lateness import BALANCE, is_late, is_open
from app.invoices.models import Invoice, InvoiceStatus
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


ALL = ListView("all", "All", lambda _: true())
_OWN = (
    ALL,
    ListView("draft", "Draft", lambda _: Invoice.status == InvoiceStatus.DRAFT, "totals"),
    ListView("open", "Open", lambda _: is_open()),
    ListView("overdue", "Overdue", lambda company: is_late(today(company))),
)


def register(app: Flask) -> None:
    app.extensions["invoice_views"] = list(_OWN)


def add(app: Flask, view: ListView) -> None:
    app.extensions["invoice_views"].append(view)


def offered(company: Company) -> list[ListView]:
    return [view for view in current_app.extensions["invoice_views"] if view.is_offered(company)]


def named(key: str | None, company: Company) -> ListView:
    return next((view for view in offered(company) if view.key == key), ALL)


def counted(company: Company, views: list[ListView]) -> dict[str, Count]:
    """By key, all in one pass over the company's invoices."""
    columns = [column for view in views for column in _counting(view, view.where(company))]
    row = db.session.execute(select(*columns).where(Invoice.company_id == company.id)).one()
    return {view.key: Count(row[2 * place], row[2 * place + 1] or ZERO) for place, view in enumerate(views)}


def count(query: Select[tuple[Invoice]], view: ListView) -> Count:
    """Of the rows of that query, which is about this view."""
    columns = _counting(view, true())
    number, money = db.session.execute(query.with_only_columns(*columns).order_by(None)).one()
    return Count(number, money or ZERO)


def _counting(view: ListView, condition: Condition) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    if view.sums_up == "totals":
        money = func.sum(Invoice.total).filter(condition)
    else:
        money = func.sum(BALANCE).filter(condition, is_open())
    return func.count().filter(condition), money
