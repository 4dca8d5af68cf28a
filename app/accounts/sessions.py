"""Who is signed in where: one row a browser. The cookie holds a secret, the row its digest and every limit."""

from collections.abc import Sequence
from datetime import timedelta

from flask import g, request, session
from flask_login import login_user
from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import joinedload

from app.accounts.models import User, UserSession
from app.accounts.secrets import digest, new_secret
from app.extensions import db, now, rows_changed

LONGEST = timedelta(hours=12)
LONGEST_KEPT = timedelta(days=30)
IDLE = timedelta(minutes=60)
CONFIRMED_FOR = timedelta(minutes=15)
NOTED_EVERY = timedelta(minutes=1)  # one small write a minute and browser, not one a request


def start(user: User, is_kept: bool = False) -> None:
    """Sign in. Nothing of a session that somebody else may have prepared survives. The caller commits."""
    session.clear()
    g.user_session, user.session_token = add(
        user, is_kept, request.remote_addr or "", request.user_agent.string
    )
    session.permanent = is_kept
    login_user(user)


def add(user: User, is_kept: bool = False, address: str = "", device: str = "") -> tuple[UserSession, str]:
    """A row, and the secret for its cookie. The caller commits."""
    secret = new_secret()
    ends_at = now() + (LONGEST_KEPT if is_kept else LONGEST)
    row = UserSession(
        user=user,
        digest=digest(secret),
        is_kept=is_kept,
        ends_at=ends_at,
        address=address[:45],
        device=device[:400],
    )
    db.session.add(row)
    return row, secret


def load(secret: str) -> User | None:
    """The person behind a cookie, or None when it is worth nothing."""
    row = db.session.scalar(
        select(UserSession)
        .where(UserSession.digest == digest(secret), *_is_good())
        .options(joinedload(UserSession.user, innerjoin=True).joinedload(User.company, innerjoin=True))
    )
    if row is None or not row.user.is_active:
        return None
    g.user_session = row
    row.user.session_token = secret
    _note_seen(row)
    return row.user


def current() -> UserSession:
    """The one that this request came with; only where somebody is signed in."""
    return g.user_session


def is_confirmed() -> bool:
    """Whether the password was typed lately enough for what is dangerous."""
    return current().confirmed_at > now() - CONFIRMED_FOR


def confirm() -> None:
    """The caller commits."""
    current().confirmed_at = now()


def of(user: User) -> Sequence[UserSession]:
    """The browsers a person is signed in with, the last used first."""
    query = select(UserSession).where(UserSession.user_id == user.id, *_is_good())
    return db.session.scalars(query.order_by(UserSession.seen_at.desc(), UserSession.id.desc())).all()


def end(user: User, session_id: int) -> bool:
    """Whether there was such a session of this person. The caller commits."""
    return _delete(UserSession.user_id == user.id, UserSession.id == session_id) == 1


def end_all(user: User, but: UserSession | None = None) -> int:
    """How many ended. The caller commits."""
    others = [UserSession.id != but.id] if but else []
    return _delete(UserSession.user_id == user.id, *others)


def forget_ended() -> int:
    """Delete the rows of sessions that ran out. Commits."""
    count = _delete(
        or_(UserSession.ends_at <= now(), ~UserSession.is_kept & (UserSession.seen_at <= now() - IDLE))
    )
    db.session.commit()
    return count


def _is_good() -> tuple:
    moment = now()
    return UserSession.ends_at > moment, or_(UserSession.is_kept, UserSession.seen_at > moment - IDLE)


def _note_seen(row: UserSession) -> None:
    """What a page fetches by itself is not a person, so it does not keep a session alive.

    A transaction of its own: the view has not begun yet, and may end without a commit.
    """
    is_automatic = request.method in ("GET", "HEAD") and "HX-Request" in request.headers
    moment = now()  # first, because the clock may want a connection too
    if is_automatic or row.seen_at > moment - NOTED_EVERY:
        return
    seen = update(UserSession).where(UserSession.id == row.id)
    with db.engine.begin() as connection:
        connection.execute(seen.values(seen_at=moment, address=(request.remote_addr or "")[:45]))


def _delete(*conditions: ColumnElement[bool]) -> int:
    return rows_changed(delete(UserSession).where(*conditions))
