"""Consents that were asked for at Intuit: each `state` belongs to one session, works once, and not for long
(contract section 1.3). Several may be open at once, one a window.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete

from app.accounts.models import UserSession
from app.accounts.secrets import digest, new_secret
from app.extensions import db, now
from app.quickbooks.models import PendingConsent

GOOD_FOR = timedelta(minutes=10)


def ask(session: UserSession, without_sending: bool = False) -> str:
    """The `state` for Intuit's consent page. The caller commits."""
    db.session.execute(delete(PendingConsent).where(PendingConsent.ends_at <= now()))
    state = new_secret()
    asked = PendingConsent(digest=digest(state), session_id=session.id, ends_at=now() + GOOD_FOR)
    asked.without_sending = without_sending
    db.session.add(asked)
    return state


@dataclass(frozen=True)
class Asked:
    """What an Owner asked for with a consent."""

    without_sending: bool


def use(session: UserSession, state: str) -> Asked | None:
    """What this session asked with it, lately and for the first time. The caller commits."""
    good = (
        PendingConsent.digest == digest(state),
        PendingConsent.session_id == session.id,
        PendingConsent.ends_at > now(),
    )
    used = db.session.execute(
        delete(PendingConsent).where(*good).returning(PendingConsent.without_sending)
    ).first()
    return Asked(used.without_sending) if used else None
