"""Consents that were asked for at Intuit: each `state` belongs to one session, works once, and not for long
(contract section 1.3). Several may be open at once, one a window.
"""

from datetime import timedelta

from sqlalchemy import delete

from app.accounts.models import UserSession
from app.accounts.secrets import digest, new_secret
from app.extensions import db, now, rows_changed
from app.quickbooks.models import PendingConsent

GOOD_FOR = timedelta(minutes=10)


def ask(session: UserSession) -> str:
    """The `state` for Intuit's consent page. The caller commits."""
    db.session.execute(delete(PendingConsent).where(PendingConsent.ends_at <= now()))
    state = new_secret()
    db.session.add(PendingConsent(digest=digest(state), session_id=session.id, ends_at=now() + GOOD_FOR))
    return state


def use(session: UserSession, state: str) -> bool:
    """Whether this session asked with it, lately and for the first time. The caller commits."""
    good = (
        PendingConsent.digest == digest(state),
        PendingConsent.session_id == session.id,
        PendingConsent.ends_at > now(),
    )
    return rows_changed(delete(PendingConsent).where(*good)) == 1
