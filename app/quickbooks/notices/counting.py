"""How many records, and how much money, in the words of a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.invoices.models import Invoice, Payment, Refund
from app.lib.money import shown
from app.quickbooks.kinds.records import of_record
from app.quickbooks.models import Connection, RecordKind, SyncTask
from app.quickbooks.outbox.states import NEEDS_SOMEBODY

REASONS_SHOWN = 3
WITH_MONEY = {
    RecordKind.INVOICE: (Invoice.id, Invoice.counted_total),
    RecordKind.PAYMENT: (Payment.id, Payment.amount),
    RecordKind.REFUND: (Refund.id, Refund.amount),
}


@dataclass(frozen=True)
class Amount:
    """So many records of a kind; `money` is their sum as people write it, empty where there is none."""

    kind: RecordKind
    count: int
    money: str = ""

    def __str__(self) -> str:
        words = f"{self.count:,} {self.kind.value}{'' if self.count == 1 else 's'}"
        return f"{words} ({self.money})" if self.money else words


def amounts(connection: Connection, *conditions: ColumnElement[bool]) -> list[Amount]:
    """Of the rows that meet the conditions, in the order of the kinds' importance."""
    mine = (SyncTask.connection_id == connection.id, *conditions)
    rows = db.session.execute(select(SyncTask.kind, func.count()).where(*mine).group_by(SyncTask.kind))
    counts = dict(rows.tuples().all())
    order = (RecordKind.INVOICE, RecordKind.PAYMENT, RecordKind.REFUND, RecordKind.CUSTOMER, RecordKind.ITEM)
    return [Amount(kind, counts[kind], _money(connection, kind, *mine)) for kind in order if counts.get(kind)]


def number(found: Sequence[Amount]) -> int:
    return sum(each.count for each in found)


def in_one_phrase(found: Sequence[Amount]) -> str:
    """ "298 invoices ($29,800.00) and 2 customers" """
    *first, last = map(str, found)
    return f"{', '.join(first)} and {last}" if first else last


def reasons(connection: Connection) -> list[str]:
    """The commonest reasons of what failed, each with how often and one record's own words."""
    rows = db.session.execute(
        select(func.count(), func.min(SyncTask.message))
        .where(SyncTask.connection_id == connection.id, NEEDS_SOMEBODY)
        .group_by(SyncTask.problem)
        .order_by(func.count().desc(), SyncTask.problem)
        .limit(REASONS_SHOWN)
    )
    return [message if count == 1 else f"{count:,} times: {message}" for count, message in rows]


def _money(connection: Connection, kind: RecordKind, *conditions: ColumnElement[bool]) -> str:
    if kind not in WITH_MONEY:
        return ""
    record_id, money = WITH_MONEY[kind]
    total = db.session.scalar(
        select(func.coalesce(func.sum(money), 0))
        .join(SyncTask, of_record(SyncTask, connection, kind, record_id))
        .where(*conditions)
    )
    return shown(Decimal(total or 0), connection.company.currency.symbol)
