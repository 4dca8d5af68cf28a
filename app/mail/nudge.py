"""Wake a worker for a message, after the commit."""

from app.extensions import SOON
from app.nudges import Nudges

NUDGES = Nudges(
    "mail:nudged",
    "Mail",
    queue=SOON,
    job="app.mail.jobs.send_message",
    job_seconds=240,
    hold_seconds=60,
    at_front=True,
)
