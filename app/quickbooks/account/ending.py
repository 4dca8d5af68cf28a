"""When a connection's authorization ends: the refresh token's life, which each renewal prolongs, and the five years
of a consent, which nothing does (contract section 1.5).
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func

from app.extensions import now
from app.lib import days
from app.quickbooks.catalogue import problem
from app.quickbooks.models import Connection

WARN_BEFORE = tuple(timedelta(days=days_left) for days_left in (90, 30, 7))
SAME_END = timedelta(days=1)  # in its last hundred days Intuit gives both ends as one


def warning(connection: Connection) -> tuple[str, str] | None:
    """What ends when, and what to do about it; None while both ends are far."""
    ends = [end for end in (connection.refresh_expires_at, connection.authorization_ends_at) if end]
    if not ends or min(ends) - max(WARN_BEFORE) > now():
        return None
    consent = connection.authorization_ends_at
    is_consent = consent is not None and consent - min(ends) < SAME_END
    entry = problem("consent_ends_soon" if is_consent else "access_ends_soon")
    return entry.words(day=days.shown(days.of(min(ends), connection.company.time_zone)))


def ends_at(connection: Connection) -> datetime | None:
    """The end of the consent, or the nearer one where Intuit does not prolong the access."""
    ends = [end for end in (connection.refresh_expires_at, connection.authorization_ends_at) if end]
    if not ends or warning(connection):
        return min(ends, default=None)
    return max(ends)


def warned_at() -> ColumnElement:
    """The moment of the last warning that was due, in SQL: null while both ends are far."""
    moment = now()
    warnings = [
        end - before
        for end in (Connection.refresh_expires_at, Connection.authorization_ends_at)
        for before in WARN_BEFORE
    ]
    return func.greatest(*(case((warning <= moment, warning)) for warning in warnings))
