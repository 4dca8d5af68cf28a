"""The worker process: runs queued jobs, and the schedule beside them. One is enough; more may be started.

Jobs run in threads of this process (app/job_threads.py), without a fork each, so that a slice costs no start-up.
The schedule is a thread that needs only PostgreSQL to find work, so that losing Redis stops nothing for good;
PostgreSQL also says which worker does a chore.
"""

import logging
import threading
from datetime import timedelta

from flask import Flask

from app import create_app, job_threads, shutdown
from app.accounts.retention import forget_ended
from app.activity.retention import forget_old
from app.csv_export.running import sweep_exports
from app.csv_import.running import sweep_imports
from app.invoices.overdue import mark_overdue
from app.invoices.tallies import fold as fold_invoices
from app.lib.garbage import leave_the_code_out
from app.mail.sweep import sweep as sweep_mail
from app.quickbooks.account.renewal import queue_renewals
from app.quickbooks.checks.daily import queue_checks
from app.quickbooks.notices.attention import tell_of_trouble
from app.quickbooks.notices.weekly import tell_of_the_week
from app.quickbooks.outbox.invoice_counting import count_again
from app.quickbooks.outbox.pruning import prune
from app.quickbooks.outbox.sweep import sweep
from app.quickbooks.outbox.tallies import fold as fold_rows
from app.schedule.chores import Chore, do_due
from app.web import logs

log = logging.getLogger("worker")

SWEEP_SECONDS = 10
LAST_ROUND_SECONDS = 5  # for the chore under way: one that is cut short waits a minute for another worker

ROUND = timedelta(seconds=SWEEP_SECONDS)
# Overdue is asked every hour, because days begin at other hours in other time zones.
CHORES = (
    Chore(sweep, ROUND),
    Chore(sweep_mail, ROUND),
    Chore(sweep_imports, ROUND),
    Chore(sweep_exports, ROUND),
    Chore(queue_renewals, ROUND),
    Chore(fold_rows, timedelta(seconds=30)),
    Chore(fold_invoices, timedelta(seconds=30)),
    Chore(count_again, timedelta(seconds=30)),
    Chore(queue_checks, timedelta(minutes=10)),
    Chore(tell_of_trouble, timedelta(minutes=1)),
    Chore(tell_of_the_week, timedelta(minutes=10)),
    Chore(mark_overdue, timedelta(hours=1)),
    Chore(forget_ended, timedelta(hours=1)),
    Chore(forget_old, timedelta(days=1)),
    Chore(prune, timedelta(days=1)),
)


def main() -> None:
    logs.begin()
    app = create_app(migrates=False)
    leave_the_code_out()
    run(app)


def run(app: Flask) -> None:
    """Work and sweep, until told to stop."""
    shutdown.listen()
    schedule = threading.Thread(
        target=keep_sweeping, args=(app, shutdown.requested), name="schedule", daemon=True
    )
    schedule.start()
    job_threads.work(app)
    schedule.join(LAST_ROUND_SECONDS)


def keep_sweeping(app: Flask, stop: threading.Event) -> None:
    """Whatever goes wrong, the next sweep comes: without it a lost nudge would be lost for good."""
    while not stop.wait(SWEEP_SECONDS):
        with app.app_context():
            do_due(CHORES)


if __name__ == "__main__":
    main()
