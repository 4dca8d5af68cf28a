"""Before what is dangerous the password is asked again, once it was typed more than 15 minutes ago."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask_login import current_user

from app.accounts import sessions, throttle
from app.extensions import db

FIELD = "confirm_password"
_OURS = (FIELD, "csrf_token")
WRONG = "This is not your password. Please try again."

View = Callable[..., Any]


def confirmed(view: View) -> View:
    """Under a role guard. What was posted is carried through the question, so that nothing typed is lost."""

    @wraps(view)
    def asked(*args: Any, **kwargs: Any) -> Any:
        if sessions.is_confirmed():
            return view(*args, **kwargs)
        if request.method != "POST":
            return ask(url_for("accounts.confirm", next=request.full_path.removesuffix("?")))
        wrong = confirm(request.form[FIELD]) if FIELD in request.form else ""
        if wrong is None:
            return view(*args, **kwargs)
        posted = [(name, value) for name, value in request.form.items(multi=True) if name not in _OURS]
        return ask(request.full_path.removesuffix("?"), posted, wrong)

    return asked


def ask(action: str, posted: list[tuple[str, str]] | None = None, wrong: str = "") -> Response:
    page = render_template(
        "accounts/confirm.html", action=action, posted=posted or [], wrong=wrong, field=FIELD
    )
    return make_response(page, 422 if request.method == "POST" else 200)


def confirm(password: str) -> str | None:
    """What is wrong with the password, or None. Commits."""
    try:
        throttle.count_try(current_user.email)
    except throttle.TooManyTries as slowed:
        return f"Too many tries. Try again in {slowed.minutes} min."
    if not current_user.has_password(password):
        return WRONG
    throttle.forgive(current_user.email)
    sessions.confirm()
    db.session.commit()
    return None
