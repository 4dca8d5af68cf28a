"""Count what reached QuickBooks and what came to need somebody, by the company's day, within the transaction that
brought it about: one statement for all that a transaction noted.
"""

from bisect import bisect_left
from collections import Counter
from datetime import timedelta

from sqlalchemy import Date, Integer, String, cast, column, event, func, literal, select, values
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.accounts.models import Company
from app.extensions import db, now
from app.quickbooks.models import Connection, DayCount, DayOutcome, SyncTask

KEPT_DAYS = 35  # the page shows 30
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
# The spans that are told apart, in seconds: what took longer than one took the next at most.
SPANS = (
    *(1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45),
    *(_MINUTE * number for number in (1, 2, 3, 5, 7, 10, 15, 20, 30, 45)),
    *(_HOUR * number for number in (1, 2, 3, 5, 8, 12)),
    *(_DAY * number for number in (1, 2, 3, 5, 7, 14, 30, 10_000)),
)
_NOTED = "quickbooks_day_counts"


def note_sent(task: SyncTask, version: int) -> None:
    """QuickBooks took this version. One that was saved again meanwhile no longer tells when it was saved."""
    span = now() - task.queued_at if task.wanted <= version else None
    _note(task.connection_id, DayOutcome.SENT, 0 if span is None else within(span))


def note_failed(task: SyncTask) -> None:
    """It came to need a person."""
    _note(task.connection_id, DayOutcome.FAILED, 0)


def within(span: timedelta) -> int:
    """The shortest of SPANS that is as long."""
    return SPANS[bisect_left(SPANS, span.total_seconds())]


def register() -> None:
    if not event.contains(Session, "before_commit", _write):  # a process may create several apps
        event.listen(Session, "before_commit", _write)
        event.listen(Session, "after_rollback", _forget)


def _note(connection_id: int, outcome: DayOutcome, seconds: int) -> None:
    db.session.info.setdefault(_NOTED, Counter())[connection_id, outcome.value, seconds] += 1


def _write(session: Session) -> None:
    """Last in its transaction, and in one order: so no two wait for each other."""
    noted: Counter[tuple[int, str, int]] | None = session.info.pop(_NOTED, None)
    if not noted:
        return
    counts = values(
        column("connection_id", Integer),
        column("outcome", String),
        column("within", Integer),
        column("number", Integer),
        name="counts",
    ).data([(*key, number) for key, number in sorted(noted.items())])
    there = func.timezone(Company.time_zone, literal(now()))
    rows = (
        select(counts.c.connection_id, cast(there, Date), counts.c.outcome, counts.c.within, counts.c.number)
        .join(Connection, Connection.id == counts.c.connection_id)
        .join(Company, Company.id == Connection.company_id)
        .order_by(counts.c.connection_id, counts.c.outcome, counts.c.within)
    )
    added = insert(DayCount).from_select(["connection_id", "day", "outcome", "within", "number"], rows)
    session.execute(
        added.on_conflict_do_update(
            index_elements=["connection_id", "day", "outcome", "within"],
            set_={"number": DayCount.number + added.excluded.number},
        ).execution_options(synchronize_session=False)
    )


def _forget(session: Session) -> None:
    session.info.pop(_NOTED, None)
