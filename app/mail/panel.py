"""What Settings → Company says about mail: whether any leaves, and what of late did not."""

from collections.abc import Sequence
from datetime import timedelta

from flask import render_template
from markupsafe import Markup
from sqlalchemy import select

from app.accounts.models import Company
from app.extensions import db, now
from app.mail.models import Message, MessageState
from app.mail.outbox import mail_leaves

SHOWN = 5
LATELY = timedelta(days=30)


def render(company: Company) -> Markup:
    """Fills the slot of the page."""
    return Markup(  # noqa: S704 - the template escapes what it shows
        render_template("accounts/_mail.html", mail_leaves=mail_leaves(), troubles=_troubles(company))
    )


def _troubles(company: Company) -> Sequence[Message]:
    return db.session.scalars(
        select(Message)
        .where(
            Message.company_id == company.id,
            Message.queued_at > now() - LATELY,
            Message.state.in_((MessageState.GIVEN_UP, MessageState.UNCLEAR)),
        )
        .order_by(Message.queued_at.desc())
        .limit(SHOWN)
    ).all()
