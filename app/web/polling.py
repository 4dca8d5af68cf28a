"""What a page asks for again and again: answered by 304 while nothing has changed.

A fragment that polls carries a version (`components/polling.html`); the browser names it when it asks again
(static/polling.js). The version is made by one small query, so that an unchanged page costs no reading and no
rendering.
"""

from hashlib import blake2b

from flask import Response, request
from flask_login import current_user

from app.extensions import now

RENEWED_EVERY = 300  # seconds: what a version does not know of (a new day, another name) is shown by then


def version_of(*facts: object) -> str:
    """The same for the same facts and this person, for five minutes at most."""
    moment = int(now().timestamp()) // RENEWED_EVERY
    text = repr((current_user.id, current_user.role, moment, *facts))
    return blake2b(text.encode(), digest_size=12).hexdigest()


def is_known(version: str) -> bool:
    """Whether the browser shows this version already."""
    return request.if_none_match.contains(version)


def not_modified() -> Response:
    """Nothing is swapped, and the page asks again later."""
    return Response(status=304)
