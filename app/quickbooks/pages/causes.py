"""What needs a person, by cause: how many records stopped at the same thing, and how much money. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import and_, func, select

from app.extensions import db
from app.invoices.models import Invoice
from app.quickbooks.catalogue import problem
from app.quickbooks.models import Connection, RecordKind, SyncTask, TaskState
from app.quickbooks.pages.status import COMPARED


@dataclass(frozen=True)
class Cause:
    """`sentence` and `remedy` speak of each record; `money` is of the invoices among them."""

    problem: str
    count: int
    money: Decimal
    sentence: str
    remedy: str


def causes(connection: Connection) -> list[Cause]:
    """Those that more than one record stopped at and that a retry can mend, the commonest first. What has to be
    compared or answered one by one is left to its own row.
    """
    rows = db.session.execute(
        select(SyncTask.problem, func.count(), func.coalesce(func.sum(Invoice.total), 0))
        .outerjoin(Invoice, and_(SyncTask.kind == RecordKind.INVOICE, Invoice.id == SyncTask.record_id))
        .where(
            SyncTask.connection_id == connection.id,
            SyncTask.state == TaskState.ERROR,
            SyncTask.problem.not_in(("", *COMPARED)),
            SyncTask.question == {},
        )
        .group_by(SyncTask.problem)
        .having(func.count() > 1)
        .order_by(func.count().desc(), SyncTask.problem)
    )
    return [Cause(key, count, money, *problem(key).words("Each of them")) for key, count, money in rows]
