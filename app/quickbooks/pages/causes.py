"""What needs a person, by cause: how much stopped at it, what mending it releases, and who can. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Integer, Select, String, and_, column, func, select, true, values
from sqlalchemy.orm import aliased

from app.extensions import db
from app.invoices.models import Invoice
from app.lib.money import ZERO
from app.quickbooks.catalogue import Who, problem
from app.quickbooks.catalogue.keys import DIFFERS_THERE
from app.quickbooks.models import Connection, RecordKind, SyncTask, TaskState
from app.quickbooks.outbox.invoice_counts import Sum
from app.quickbooks.outbox.states import FOLLOWING, NEEDS_SOMEBODY
from app.quickbooks.pages.rows import Row, rows_of

# So few that the queue stays below 30 kB, which a page may fetch every two seconds.
ROWS_OF_A_CAUSE, ROWS_AT_ONCE = 5, 15

# The page where all of a cause are mended at once, what its link says, and whether it is the Owner's.
PLACES = {
    "no_income_account": ("quickbooks.preferences", "Choose the account", True),
    "no_deposit_account": ("quickbooks.preferences", "Choose the account", True),
    "no_tax_code": ("quickbooks.tax_and_terms", "See tax rates", True),
    "customer_doubtful": ("quickbooks.matching_page", "Answer under Matching", False),
    "name_taken_contradicts": ("quickbooks.matching_page", "Answer under Matching", False),
}


@dataclass(frozen=True)
class Cause:
    """`invoices` are those among its records; `following` waits for these alone and goes when they do."""

    problem: str
    title: str
    who: Who
    sentence: str
    remedy: str
    count: int
    invoices: Sum
    following: Sum  # all records
    following_invoices: Sum
    is_answered_singly: bool  # each is compared, or asks a question of its own
    rows: Sequence[Row] = ()

    @property
    def place(self) -> tuple[str, str, bool] | None:
        return PLACES.get(self.problem)

    @property
    def releases(self) -> Sum:
        own, behind = self.invoices, self.following_invoices
        return Sum(own.count + behind.count, own.total + behind.total)


def causes(connection: Connection) -> list[Cause]:
    """The commonest first, the first of them with some of their rows."""
    found = db.session.execute(_grouped(connection)).all()
    behind = _following(connection) if found else {}
    rows = _first_rows(connection, [key for key, *_ in found])
    return [_cause(*one, *behind.get(one[0], (Sum(), Sum())), rows.get(one[0], [])) for one in found]


def stopped_at(connection: Connection, key: str) -> Select[SyncTask]:
    """The rows of one cause."""
    return select(SyncTask).where(*_stopped(connection), SyncTask.problem == key)


def _stopped(connection: Connection) -> tuple[ColumnElement[bool], ...]:
    return (SyncTask.connection_id == connection.id, NEEDS_SOMEBODY)


def _grouped(connection: Connection) -> Select[str, int, int, Decimal | None, int]:
    return (
        select(
            SyncTask.problem,
            func.count(),
            func.count(Invoice.id),
            func.sum(Invoice.counted_total),
            func.count().filter(SyncTask.question != {}),
        )
        .outerjoin(Invoice, and_(SyncTask.kind == RecordKind.INVOICE, Invoice.id == SyncTask.record_id))
        .where(*_stopped(connection))
        .group_by(SyncTask.problem)
        .order_by(func.count().desc(), SyncTask.problem)
    )


def _following(connection: Connection) -> dict[str, tuple[Sum, Sum]]:
    """By cause: what waits for its rows, and for those in turn. All records, and the invoices among them."""
    stopped, waiting = aliased(SyncTask), aliased(SyncTask)
    behind = (
        select(stopped.problem.label("problem"), waiting.id.label("id"))
        .select_from(waiting)
        .join(stopped, stopped.id == waiting.waits_for_id)
        .where(
            waiting.connection_id == connection.id,
            waiting.waits_for_id.is_not(None),
            stopped.state == TaskState.ERROR,
            stopped.problem.not_in(FOLLOWING),
        )
        .cte("behind", recursive=True)
    )
    further = aliased(SyncTask)
    behind = behind.union(
        select(behind.c.problem, further.id).join(further, further.waits_for_id == behind.c.id)
    )
    task = aliased(SyncTask)
    rows = db.session.execute(
        select(behind.c.problem, func.count(), func.count(Invoice.id), func.sum(Invoice.counted_total))
        .select_from(behind)
        .join(task, task.id == behind.c.id)
        .outerjoin(Invoice, and_(task.kind == RecordKind.INVOICE, Invoice.id == task.record_id))
        .group_by(behind.c.problem)
    )
    return {
        key: (Sum(number, total or ZERO), Sum(bills, total or ZERO)) for key, number, bills, total in rows
    }


def _first_rows(connection: Connection, keys: list[str]) -> dict[str, list[Row]]:
    """Of each cause the first few, as long as there is room."""
    if not keys:
        return {}
    places = values(column("place", Integer), column("key", String), name="places").data(
        list(enumerate(keys))
    )
    first = (
        select(SyncTask.id)
        .where(*_stopped(connection), SyncTask.problem == places.c.key)
        .order_by(SyncTask.failed_at, SyncTask.id)
        .limit(ROWS_OF_A_CAUSE)
        .correlate(places)
        .subquery()
        .lateral()
    )
    chosen = (
        select(places.c.place, first.c.id).join(first, true()).order_by(places.c.place).limit(ROWS_AT_ONCE)
    ).subquery()
    tasks = db.session.scalars(
        select(SyncTask)
        .join(chosen, chosen.c.id == SyncTask.id)
        .order_by(chosen.c.place, SyncTask.failed_at, SyncTask.id)
    ).all()
    by_cause: dict[str, list[Row]] = {}
    for row in rows_of(connection, tasks):
        by_cause.setdefault(row.task.problem, []).append(row)
    return by_cause


def _cause(
    key: str,
    count: int,
    bills: int,
    total: Decimal | None,
    asked: int,
    following: Sum,
    behind: Sum,
    rows: list[Row],
) -> Cause:
    entry = problem(key)
    sentence, remedy = entry.words_of_all()
    return Cause(
        key,
        entry.title,
        entry.who,
        sentence,
        remedy,
        count,
        Sum(bills, total or ZERO),
        following,
        behind,
        is_answered_singly=key in DIFFERS_THERE or asked > 0,
        rows=rows,
    )
