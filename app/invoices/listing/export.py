"""The list as rows of a CSV file. Other rooms add columns of their own (`add_column`)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from app.accounts.models import Company
from app.csv_export.exporters import Args, Exporter
from app.csv_export.exporters import register as register_export
from app.extensions import db
from app.invoices.dates import today
from app.invoices.lateness import days_late
from app.invoices.listing.choice import ListChoice
from app.invoices.listing.sorting import Order
from app.invoices.models import Invoice
from app.web.csv_download import Cell, read_in_pieces

HEADER = (
    *("Number", "Customer", "Issued", "Due", "Days late", "Total", "Paid", "Refunded", "Balance"),
    *("Currency", "Status"),
)

ROWS_AT_ONCE = 5_000  # leave while the person waits; longer lists are left to a worker

Column = Callable[[Company, Sequence[Invoice]], dict[int, str]]


def register(app: Flask) -> None:
    app.extensions["invoice_columns"] = {}


def add_column(app: Flask, heading: str, column: Column) -> None:
    """`column` answers with a text by invoice id, for a piece of the list at a time."""
    app.extensions["invoice_columns"][heading] = column


def header() -> list[str]:
    return [*HEADER, *current_app.extensions["invoice_columns"]]


def is_long(company: Company, args: Args) -> bool:
    """Looks at no more rows than it has to."""
    some = (
        ListChoice.of(args, company).invoices(company).with_only_columns(Invoice.id).limit(ROWS_AT_ONCE + 1)
    )
    return (db.session.scalar(select(func.count()).select_from(some.subquery())) or 0) > ROWS_AT_ONCE


def count(company: Company, args: Args) -> int:
    query = ListChoice.of(args, company).invoices(company)
    return db.session.scalar(query.with_only_columns(func.count()).order_by(None)) or 0


def matching_rows(company: Company, args: Args) -> Iterator[list[Cell]]:
    """All that the list's address matches, in its order."""
    choice = ListChoice.of(args, company)
    return rows(company, choice.invoices(company), choice.order)


def rows(company: Company, query: Select[Any], order: Order) -> Iterator[list[Cell]]:
    """In that order; read a piece at a time, so that a long list needs no memory."""
    directions = (column.desc() if order.descending else column.asc() for column in order.sort)
    ordered = order.applied(query).order_by(*directions).options(selectinload(Invoice.customer))
    columns: list[Column] = list(current_app.extensions["invoice_columns"].values())
    day = today(company)
    for piece in read_in_pieces(ordered):
        others = [column(company, piece) for column in columns]
        for invoice in piece:
            texts = [other.get(invoice.id, "") for other in others]
            yield [
                *_cells(invoice, days_late(invoice, day)),
                company.currency.value,
                invoice.status.label,
                *texts,
            ]


def _cells(invoice: Invoice, late: int) -> list[Cell]:
    return [
        invoice.number,
        invoice.customer.name,
        invoice.issue_date.isoformat(),
        invoice.due_date.isoformat(),
        late or None,
        invoice.total,
        invoice.paid_total,
        invoice.refunded_total,
        invoice.shown_balance,
    ]


EXPORTER = register_export(Exporter("invoices", header, matching_rows, count))
