"""What a rehearsal has in common with other runs (runs/life.py), and what is said of it."""

from app.quickbooks.rehearsal.models import Rehearsal
from app.quickbooks.runs.life import Runs
from app.quickbooks.runs.troubles import Reading

REHEARSALS = Runs(
    Rehearsal,
    job="app.quickbooks.jobs.rehearse",
    job_seconds=1800,
    kept=3,
    reading=Reading(
        "what is in QuickBooks",
        again="Rehearse again",
        disconnected="QuickBooks was disconnected before the rehearsal was done.",
        foreword="QuickBooks could not be read, so nobody can say what would become of this. ",
    ),
    interrupted="The rehearsal was interrupted. Start it again.",
    not_started="The rehearsal could not be started. Try again in a minute.",
)
