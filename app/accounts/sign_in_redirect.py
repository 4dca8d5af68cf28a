"""The user behind a session is signed in; anybody else is sent to the sign-in page, and back afterwards."""

from flask import Response, flash, url_for
from flask.globals import request_ctx
from htmx_flask import request
from werkzeug.exceptions import HTTPException

from app.accounts import sessions
from app.extensions import login_manager
from app.web.addresses import own_address, own_page
from app.web.htmx import see_other, wants_fragment


def register() -> None:
    login_manager.session_protection = None  # the row of a session says more than its address and browser
    login_manager.user_loader(sessions.load)
    login_manager.unauthorized_handler(_ask_to_sign_in)


def _ask_to_sign_in() -> Response:
    if _is_write():
        flash("You were signed out, so nothing was saved. Sign in, then do it again.", "warning")
    else:
        flash("Please sign in to go on.", "info")
    return see_other(url_for("accounts.sign_in", next=_page_asked_for()))


def _is_write() -> bool:
    return request.method not in ("GET", "HEAD")


def _page_asked_for() -> str | None:
    """Where to go on afterwards: the page around a fragment, not the fragment; a write's form, not the write."""
    if wants_fragment():
        return own_page(request.htmx.current_url)
    return _page_of_the_form() if _is_write() else own_address(request.full_path.removesuffix("?"))


def _page_of_the_form() -> str | None:
    """By the Referer, which our Referrer-Policy lets through between our own pages."""
    page, host = request.referrer or "", request.host
    address = own_page(page) if page.startswith((f"https://{host}/", f"http://{host}/")) else None
    return address if address and _can_be_opened(address) else None


def _can_be_opened(address: str) -> bool:
    """A form that was refused is shown under the address that it was sent to, which may take no GET."""
    try:
        return bool(
            request_ctx.url_adapter and request_ctx.url_adapter.match(address.partition("?")[0], "GET")
        )
    except HTTPException:
        return False
