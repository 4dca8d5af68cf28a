"""The orders of the list: a column's head leads to its order, and a second time to the opposite one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from app.customers.models import Customer
from app.invoices.lateness import SHOWN_BALANCE
from app.invoices.models import Invoice

COLUMNS: dict[str, Any] = {
    "issued": Invoice.issue_date,
    "number": Invoice.number,
    "customer": Customer.name,
    "due": Invoice.due_date,
    "balance": SHOWN_BALANCE,
}
LARGEST_FIRST = ("issued", "balance")  # at the first click


@dataclass(frozen=True)
class Order:
    column: str
    descending: bool

    @property
    def key(self) -> str:
        """As it stands in the address: -issued."""
        return f"-{self.column}" if self.descending else self.column

    @property
    def sort(self) -> tuple[Any, ...]:
        """Ends with the id, so that no two invoices share a place."""
        return COLUMNS[self.column], Invoice.id

    def applied(self, query: Select[Any]) -> Select[Any]:
        """What the sort needs beside the invoice."""
        return query.join(Invoice.customer) if self.column == "customer" else query

    def at_head(self, column: str) -> Order:
        """Where a click on that column's head leads."""
        if column == self.column:
            return Order(column, not self.descending)
        return Order(column, column in LARGEST_FIRST)

    def aria_sort(self, column: str) -> str:
        if column != self.column:
            return "none"
        return "descending" if self.descending else "ascending"


DEFAULT = Order("issued", True)


def order_named(key: str | None) -> Order:
    column = (key or "").removeprefix("-")
    return Order(column, (key or "").startswith("-")) if column in COLUMNS else DEFAULT
