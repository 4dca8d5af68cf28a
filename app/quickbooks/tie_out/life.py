"""What a tie-out has in common with other runs (runs/life.py), and what is said of it."""

from app.quickbooks.runs.life import Runs
from app.quickbooks.runs.troubles import Reading
from app.quickbooks.tie_out import reading
from app.quickbooks.tie_out.models import TieOut

TIE_OUTS = Runs(
    TieOut,
    job="app.quickbooks.jobs.compare_books",
    job_seconds=600,
    kept=5,
    reading=Reading(
        "the list of invoices",
        again="Compare again",
        disconnected="QuickBooks was disconnected before the comparison was done.",
    ),
    interrupted="The comparison was interrupted before it was done. Compare again.",
    not_started="The comparison could not be started just now. Try again in a minute.",
    clear_away=reading.done_with,
)
