"""Settings → Notifications, and the page behind an unsubscribe link."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_login import current_user

from app.accounts.guards import books_only, current_company, public
from app.accounts.models import User
from app.extensions import csrf, db
from app.mail.outbox import mail_leaves
from app.notifications import unsubscribing
from app.notifications.choices import choose, staff, wanted_by
from app.notifications.kinds import NoticeKind, kinds
from app.web.htmx import see_other

blueprint = Blueprint("notifications", __name__)


@blueprint.get("/settings/notifications")
@books_only
def settings() -> str:
    people = _whose_choice()
    return render_template(
        "notifications/settings.html",
        people=people,
        kinds=kinds().values(),
        wanted=wanted_by(people),
        mail_leaves=mail_leaves(),
    )


@blueprint.post("/settings/notifications")
@books_only
def save() -> Any:
    """`wanted` holds the boxes that are ticked, `before` those that were as the page showed them; each as kind:user
    id. What is alike in both was not touched: somebody may have left by a link, or come, since the page was opened.
    """
    before, ticked = set(request.form.getlist("before")), set(request.form.getlist("wanted"))
    for user in _whose_choice():
        for kind in kinds().values():
            pair = f"{kind.key}:{user.id}"
            if user.role in kind.roles and pair in before ^ ticked:
                choose(user, kind, pair in ticked)
    db.session.commit()
    flash("Notifications saved.", "success")
    return see_other(url_for(".settings"))


@blueprint.get("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> str:
    """Asks first: mail programs open links to look for viruses."""
    user, kind = _named_or_404(token)
    return render_template("notifications/unsubscribe.html", user=user, kind=kind, done=False)


@blueprint.post("/unsubscribe/<token>")
@public
@csrf.exempt
def leave(token: str) -> str:
    """The page's button, and the mail program's own (RFC 8058), which has no session: the token is the proof."""
    user, kind = _named_or_404(token)
    choose(user, kind, wanted=False, by=user)
    db.session.commit()
    return render_template("notifications/unsubscribe.html", user=user, kind=kind, done=True)


def _whose_choice() -> Sequence[User]:
    """An Owner chooses for everybody, others for themselves."""
    return staff(current_company().id) if current_user.is_owner else [current_user]


def _named_or_404(token: str) -> tuple[User, NoticeKind]:
    return unsubscribing.read(token) or abort(404)
