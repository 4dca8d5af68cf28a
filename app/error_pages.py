"""Plain pages for what goes wrong, whole or as a fragment for htmx."""

import logging
import math
import time

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import BadHost, HTTPException, SecurityError

from app.extensions import db, limiter
from app.web.htmx import wants_fragment

log = logging.getLogger(__name__)

_WORDS = {
    400: (
        "That request did not work",
        "Something in it was not understood. Go back, reload the page and try again.",
    ),
    403: (
        "You do not have access to this",
        "Your role does not include this page. Ask an owner of your company.",
    ),
    404: ("Not found", "There is nothing at this address, or it belongs to another company."),
    405: ("That request did not work", "This address does not take that kind of request."),
    413: ("That file is too large", "Files up to 10 MB can be uploaded."),
    429: ("Too many tries", "Please wait a while, then try again."),
    500: (
        "Something went wrong",
        "It is our fault, it was written down, and nothing was lost. Please try again.",
    ),
}

# Of nothing but itself: no database, no files.
PLAIN = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title} · FSM Navigator</title></head>
<body><h1>{title}</h1><p>{advice}</p><p><a href="/">Go to the start page</a></p></body>
</html>
"""


def register(app: Flask) -> None:
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http_error)
    for unreadable_host in (SecurityError, BadHost):
        app.register_error_handler(unreadable_host, _without_our_pages)
    app.register_error_handler(500, _http_error)
    for taken_back in (OperationalError, IntegrityError):
        app.register_error_handler(taken_back, _once_more)


def _csrf(error: CSRFError) -> Response:
    """To reload the answer would post the same stale token again."""
    return _page(
        400,
        "This page can no longer be saved",
        "Nothing was saved. You signed in or out since the page was opened, or your browser keeps back its cookies "
        "or the page's address. Open the page again and enter it once more.",
    )


def _without_our_pages(_: HTTPException) -> Response:
    """A Host header that cannot be read: no address can be made, and our own error page is full of them."""
    return Response("The Host header of that request was not understood.\n", 400, mimetype="text/plain")


def _once_more(error: OperationalError | IntegrityError) -> ResponseReturnValue:
    """PostgreSQL took a save back for another's sake, so that nothing of it was done: do it again. Where somebody
    saved the same number at the same moment, it is then a mistake that the form knows. Only what was posted: what
    comes by GET may have used up a code of Intuit's.
    """
    is_victim = isinstance(error.orig, (DeadlockDetected, SerializationFailure, UniqueViolation))
    if not is_victim or request.method != "POST" or g.get("is_second_try"):
        raise error
    g.is_second_try = True
    db.session.rollback()
    for upload in request.files.values():
        upload.stream.seek(0)
    try:
        return current_app.dispatch_request()
    except Exception as trouble:
        return current_app.handle_user_exception(trouble)


def _http_error(error: HTTPException) -> Response:
    code = error.code or 500
    title, advice = _WORDS.get(code, _WORDS[500] if code >= 500 else _WORDS[400])
    if code < 400 or error.response is not None:
        return error.get_response()  # type: ignore[return-value]
    if code == 403:
        log.warning("Refused to user %s: %s %s", _who(), request.method, request.endpoint)
    page = _page(code, title, advice) if code < 500 else _page_of_a_failure(code, title, advice)
    if code == 429:
        page.headers["Retry-After"] = str(_seconds_to_wait(error))
    return page


def _who() -> int | None:
    """Not Flask-Login's get_id, which is the secret in the cookie."""
    return current_user.id if current_user.is_authenticated else None


def _seconds_to_wait(error: HTTPException) -> int:
    """What the error says itself, or until the limit that was met begins anew."""
    if isinstance(said := getattr(error, "retry_after", None), int):
        return said
    limit = limiter.current_limit
    return max(1, math.ceil(limit.reset_at - time.time())) if limit else 60


def _page_of_a_failure(code: int, title: str, advice: str) -> Response:
    """The page asks the database too: who is signed in, what the navigation says. It must not break of what broke
    the request.
    """
    try:
        db.session.rollback()
        return _page(code, title, advice)
    except Exception:
        log.exception("The page of an error could not be made")
        return Response(PLAIN.format(title=title, advice=advice), code, mimetype="text/html")


def _page(code: int, title: str, advice: str) -> Response:
    template = "errors/_error.html" if wants_fragment() else "errors/error.html"
    return make_response(render_template(template, code=code, title=title, advice=advice), code)
