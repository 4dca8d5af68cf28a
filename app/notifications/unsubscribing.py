"""The link at the foot of a notice: it names a person and a kind, signed, and needs no sign-in.

It has no end: a notice of last year must still let its reader leave.
"""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app.accounts.models import User
from app.extensions import db
from app.notifications.kinds import NoticeKind, kinds
from app.web.public_url import public_url


def unsubscribe_url(user: User, kind: NoticeKind) -> str:
    return public_url("notifications.unsubscribe", token=_signer().dumps([user.id, kind.key]))


def read(token: str) -> tuple[User, NoticeKind] | None:
    """None for what we did not sign, or whose person or kind is gone."""
    try:
        user_id, key = _signer().loads(token)
    except BadSignature:
        return None
    user, kind = db.session.get(User, user_id), kinds().get(key)
    return (user, kind) if user and kind else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="unsubscribe")
