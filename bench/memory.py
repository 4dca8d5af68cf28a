"""The most memory that a worker takes while it does each of its heavy chores, one after the other.

Run: python -m bench.memory [--rows N] [--lines N] [--late N]
"""

import argparse
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from flask import current_app
from sqlalchemy import select, update

from app.accounts.models import Company, Plan
from app.csv_import import running
from app.csv_import.models import CsvUpload
from app.extensions import db, now
from app.invoices.overdue import mark_overdue
from app.quickbooks.checks import daily
from app.quickbooks.models import Connection, SyncTask, TaskState
from app.quickbooks.models.runs import RunState
from app.quickbooks.outbox.nudge import nudge
from app.quickbooks.outbox.sweep import sweep
from app.quickbooks.tie_out import runs
from app.quickbooks.tie_out.models import TieOut
from app.schedule.chores import last_done
from app.schedule.models import ChoreTime
from bench import imports
from bench.measuring import report
from bench.scene import connected, control, scene
from devtools.filled import fill
from devtools.stack import Stack
from devtools.waiting import wait_until
from tests.people import Actor

GOAL = 140
LONG_AGO = timedelta(days=40)  # a check reads everything when the last one is older than 29 days


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3000, help="of the first sync, and compared afterwards")
    parser.add_argument("--lines", type=int, default=20_000, help="of the imported file")
    parser.add_argument("--late", type=int, default=20_000, help="invoices that become overdue")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    with scene(0, 0) as stack:
        control(stack, "POST", "settings", limits=False)
        peaks = measured(stack, options.rows, options.lines, options.late)
    told = ", ".join(f"{chore} {megabytes}" for chore, megabytes in peaks.items())
    report(f"| memory of a worker, the most in MB | {told} | ≤ {GOAL} |", peaks)
    raise SystemExit(max(peaks.values()) > GOAL)


def measured(stack: Stack, rows: int, lines: int, late: int) -> dict[str, int]:
    """By chore, in the order in which one worker does them. In an app context with empty tables."""
    realm = control(stack, "POST", "companies", name="Harbor Bench")["realm"]
    connection_id = connected(stack, realm, rows // 5, rows * 4 // 5).id
    stack.start_worker()
    folder = Path(f"/proc/{stack.processes['worker'].pid}")
    return {
        "first sync": _peak(folder, lambda: nudge(connection_id), _all_sent),
        "tie-out": _peak(folder, lambda: _compare(connection_id), _compared),
        "check of everything": _peak(folder, lambda: _check(connection_id), lambda: _checked(connection_id)),
        "marking overdue": _peak(folder, lambda: _be_late(late), _marked),
        "import": _peak(folder, lambda: _import(lines), _imported),
    }


def _peak(folder: Path, begin: Callable[[], object], is_done: Callable[[], bool]) -> int:
    """MB, as Linux counts what is really there."""
    with suppress(PermissionError):
        (folder / "clear_refs").write_text("5")  # forgets the peak before
    begin()
    db.session.commit()
    wait_until(lambda: _fresh(is_done), "the worker is done", seconds=900, every=0.5)
    status = (folder / "status").read_text()
    return round(int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6)


def _fresh(question: Callable[[], bool]) -> bool:
    db.session.rollback()
    return question()


def _all_sent() -> bool:
    """Raises RuntimeError for a record that QuickBooks refused: less memory is no merit then."""
    states = set(db.session.scalars(select(SyncTask.state).distinct()))
    if TaskState.ERROR in states:
        raise RuntimeError("Not every record was sent.")
    return states == {TaskState.SYNCED}


def _compare(connection_id: int) -> None:
    runs.start(db.session.get_one(Connection, connection_id))


def _compared() -> bool:
    return db.session.query(TieOut).filter_by(state=RunState.DONE).count() == 1


def _check(connection_id: int) -> None:
    connection = db.session.get_one(Connection, connection_id)
    connection.checked_until, connection.check_due_at = now() - LONG_AGO, now()
    db.session.commit()
    daily.queue_checks()


def _checked(connection_id: int) -> bool:
    return db.session.get_one(Connection, connection_id).checked_until > now() - LONG_AGO / 2


def _be_late(late: int) -> None:
    """A tenth of what `fill` makes is sent and not paid."""
    company = Company(name="Harbor Late", plan=Plan.FREE)
    db.session.add(company)
    db.session.flush()
    fill(company, late * 10, troubled=0)
    wait_until(lambda: _fresh(lambda: last_done(sweep) is not None), "the first chores are done", seconds=60)
    of_overdue = ChoreTime.name == "invoices.overdue.mark_overdue"
    db.session.execute(update(ChoreTime).where(of_overdue).values(due_at=now(), done_at=None))


def _marked() -> bool:
    return last_done(mark_overdue) is not None


def _import(lines: int) -> None:
    owner = Actor.hired(
        cast(Any, current_app)._get_current_object(), "owner@example.com", company="Harbor Import"
    )
    upload = db.session.get_one(CsvUpload, imports.uploaded(owner, lines))
    upload.confirmed_at = now()
    db.session.commit()
    running.NUDGES.give(upload.id)


def _imported() -> bool:
    """Raises RuntimeError for a file that was not imported."""
    (upload,) = db.session.scalars(select(CsvUpload))
    if upload.trouble:
        raise RuntimeError(upload.trouble)
    return upload.ended_at is not None


if __name__ == "__main__":
    main()
