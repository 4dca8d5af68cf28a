"""Ask QuickBooks whether a connection still works, because something says that it may not: Intuit sends no notice
of a disconnect, only the person's browser (contract section 1.8).
"""

import logging

from app.extensions import SOON, db
from app.nudges import Nudges
from app.quickbooks.account.gateway import client_for
from app.quickbooks.account.metering import reading_for
from app.quickbooks.account.tokens import TokenError
from app.quickbooks.api.errors import ApiError

log = logging.getLogger(__name__)

AT_MOST_EVERY = 60  # seconds; anybody of the company can ask, and QuickBooks counts reads
# Losing one is harmless: the next push finds out.
PROBES = Nudges(
    "quickbooks:probed",
    "The probe of QuickBooks connection",
    queue=SOON,
    job="app.quickbooks.jobs.probe_connection",
    job_seconds=300,
    hold_seconds=AT_MOST_EVERY,
)


@reading_for("probe")
def probe(connection_id: int) -> None:
    """One read. A refused token is renewed by it, and where that fails, the connection is in doubt (tokens.py)."""
    try:
        client_for(connection_id).company_info()
    except (ApiError, TokenError) as error:
        db.session.rollback()
        log.info("QuickBooks connection %s was probed and does not answer: %s", connection_id, error)
