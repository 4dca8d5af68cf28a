"""Who somebody is: an e-mail and a password against the users, then a code where two-step sign-in is on."""

from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app, session
from itsdangerous import Signer
from sqlalchemy import func, select

from app.accounts import password_hashes, sessions, throttle, two_step
from app.accounts.models import User
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db, now

_HALFWAY = "signing_in"
HALFWAY_FOR = timedelta(minutes=10)


def user_of(email: str) -> User | None:
    return db.session.scalar(select(User).where(func.lower(User.email) == email.strip().lower()))


def authenticate(email: str, password: str) -> User | None:
    """Commits. Raises throttle.TooManyTries.

    An unknown e-mail costs as long as a wrong password, so that the time does not tell them apart.
    """
    throttle.count_try(email.strip())
    user = user_of(email)
    if user is None or not user.is_active:
        password_hashes.waste_time(password)
        return None
    if not user.has_password(password):
        _note_failure(user, "did not sign in: wrong password")
        return None
    throttle.forgive(user.email)
    db.session.commit()
    return user


def go_on(user: User, is_kept: bool = False, how: str = "signed in") -> bool:
    """After the password: signed in, or False where a code is asked first. Commits."""
    if user.has_two_step:
        session.clear()
        session[_HALFWAY] = {
            "user": user.id,
            "password": _signer().get_signature(user.password_hash).decode(),
            "is_kept": is_kept,
            "until": (now() + HALFWAY_FOR).isoformat(),
        }
        return False
    _enter(user, is_kept, how)
    return True


def halfway() -> User | None:
    """Who gave the right password in this browser and owes a code. A new password begins anew."""
    begun = session.get(_HALFWAY)
    if not begun or datetime.fromisoformat(begun["until"]) < now():
        return None
    user = db.session.get(User, begun["user"])
    if user is None or not _signer().verify_signature(user.password_hash, begun.get("password", "")):
        return None
    return user if user.is_active and user.has_two_step else None


def finish(user: User, code: str) -> bool:
    """Whether the code is right; then the person is signed in. Commits.

    Raises throttle.TooManyTries and two_step.SecretUnreadable.
    """
    account = f"code of {user.id}"
    throttle.count_try(account)
    try:
        is_right = two_step.take(user, code)
    except two_step.SecretUnreadable:
        _note_failure(user, "did not sign in: the secret cannot be opened")
        raise
    if not is_right:
        _note_failure(user, "did not sign in: wrong code")
        return False
    throttle.forgive(account)
    _enter(user, session[_HALFWAY]["is_kept"], "signed in with two steps")
    return True


def _signer() -> Signer:
    """For what the cookie says of the password: nobody without our key can guess at one with it."""
    return Signer(current_app.config["SECRET_KEY"], salt=_HALFWAY, digest_method=sha256)


def _enter(user: User, is_kept: bool, how: str) -> None:
    sessions.start(user, is_kept)
    record(ActivityKind.SIGN_IN, how, user.company_id, by=user)
    db.session.commit()


def _note_failure(user: User, what: str) -> None:
    record(ActivityKind.SIGN_IN, what, user.company_id, by=user)
    db.session.commit()
