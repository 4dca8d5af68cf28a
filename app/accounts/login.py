"""Who is signed in: the user behind a session."""

from flask import Response, flash, url_for
from htmx_flask import request

from app.accounts import sessions
from app.extensions import login_manager
from app.web.addresses import own_address, own_page
from app.web.htmx import see_other, wants_fragment


def register() -> None:
    login_manager.session_protection = None  # the row of a session says more than its address and browser
    login_manager.user_loader(sessions.load)
    login_manager.unauthorized_handler(_ask_to_sign_in)


def _ask_to_sign_in() -> Response:
    flash("Please sign in to go on.", "info")
    return see_other(url_for("accounts.sign_in", next=_page_asked_for()))


def _page_asked_for() -> str | None:
    """Where to go on afterwards: the page around a fragment, not the fragment; never a write."""
    if wants_fragment():
        return own_page(request.htmx.current_url)
    return own_address(request.full_path.removesuffix("?")) if request.method in ("GET", "HEAD") else None
