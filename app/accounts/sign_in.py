"""Who somebody is: an e-mail and a password against the users."""

from functools import cache

from flask import session
from flask_login import login_user
from sqlalchemy import func, select
from werkzeug.security import check_password_hash, generate_password_hash

from app.accounts.models import User
from app.activity.models import Kind
from app.activity.recording import record
from app.extensions import db


def authenticate(email: str, password: str) -> User | None:
    """None when the two do not match; the caller commits what is then noted.

    An unknown e-mail costs as long as a wrong password, so that the time does not tell them apart.
    """
    user = db.session.scalar(select(User).where(func.lower(User.email) == email.lower()))
    if user is None:
        check_password_hash(_hash_of_nobody(), password)
        return None
    if user.has_password(password):
        return user
    record(Kind.SIGN_IN, "did not sign in: wrong password", user.company_id, by=user)
    return None


def start_session(user: User) -> None:
    """Nothing of a session that somebody else may have prepared survives the sign-in."""
    session.clear()
    login_user(user)


@cache
def _hash_of_nobody() -> str:
    return generate_password_hash("nobody")
