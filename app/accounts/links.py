"""Links that prove an e-mail address. Each works once and not for long; a new one ends those before it."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from app.accounts.models import LinkPurpose, OneTimeLink, User
from app.accounts.secrets import digest, new_secret
from app.extensions import db, now, rows_changed

GOOD_FOR = {
    LinkPurpose.RESET: timedelta(hours=1),
    LinkPurpose.EMAIL: timedelta(hours=24),
    LinkPurpose.SIGN_UP: timedelta(hours=24),
}


def make(purpose: LinkPurpose, email: str, user: User | None = None) -> str:
    """The secret for the link. The caller commits."""
    whose = OneTimeLink.user_id == user.id if user else func.lower(OneTimeLink.email) == email.lower()
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.purpose == purpose, whose))
    secret = new_secret()
    ends_at = now() + GOOD_FOR[purpose]
    db.session.add(
        OneTimeLink(purpose=purpose, digest=digest(secret), user=user, email=email, ends_at=ends_at)
    )
    return secret


def find(purpose: LinkPurpose, secret: str) -> OneTimeLink | None:
    """Unless it was used, replaced or ran out. Finding does not use it: mail programs open links by themselves."""
    return db.session.scalar(select(OneTimeLink).where(*_good(purpose, secret)))


def use(purpose: LinkPurpose, secret: str) -> bool:
    """Whether it was good; of two at once one is told so. The caller commits."""
    return rows_changed(delete(OneTimeLink).where(*_good(purpose, secret))) == 1


def forget_those_of(user: User) -> None:
    """The caller commits."""
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.user_id == user.id))


def forget_ended() -> int:
    """Commits."""
    count = rows_changed(delete(OneTimeLink).where(OneTimeLink.ends_at <= now()))
    db.session.commit()
    return count


def _good(purpose: LinkPurpose, secret: str) -> tuple:
    return OneTimeLink.purpose == purpose, OneTimeLink.digest == digest(secret), OneTimeLink.ends_at > now()
