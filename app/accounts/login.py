"""Who is signed in: the user behind a session."""

from app.accounts.models import User
from app.extensions import db, login_manager


def register() -> None:
    login_manager.login_view = "accounts.sign_in"
    login_manager.login_message = "Please sign in to go on."
    login_manager.session_protection = "basic"
    login_manager.user_loader(_load_user)


def _load_user(user_id: str) -> User | None:
    return db.session.get(User, int(user_id))
