"""Queueing a message, always inside the transaction of what it tells about."""

from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db, now, rows_changed
from app.mail.body import render
from app.mail.events import message_settled
from app.mail.models import Message, MessageState, new_reference
from app.mail.nudge import NUDGES

NO_SERVER = "No mail leaves this installation: MAIL_URL is not set."
GOOD_FOR = timedelta(days=2)


def mail_leaves() -> bool:
    """Whether a mail server is set (MAIL_URL). A page that promises a message asks first."""
    return current_app.config["MAIL_SERVER"] is not None


def was_queued(event: str, recipient: str) -> bool:
    found = select(exists().where(Message.event == event, Message.recipient == recipient))
    return bool(db.session.scalar(found))


def send_later(
    recipient: str,
    template: str,
    subject: str,
    *,
    event: str,
    company_id: int | None,
    context: dict[str, Any] | None = None,
    good_for: timedelta = GOOD_FOR,
    sender_name: str = "",
    reply_to: str = "",
    unsubscribe_url: str = "",
    attachment: tuple[str, bytes] | None = None,
) -> int:
    """Queue one message to one address; returns the id of its `Message`. Flushes nothing, commits nothing.

    Call it in the transaction that did what the message tells about: both are saved or neither is. A worker
    sends it after the commit, tries again with growing pauses while the mail server is away, and gives up
    `good_for` from now. Give a link's message the link's own lifetime.

    `template` names two files below app/templates: `accounts/mail/reset` is `accounts/mail/reset.txt` and
    `accounts/mail/reset.html` (which extends `mail/_layout.html`). They are rendered now, with `context`.
    Make links with `app.web.public_url.public_url`, never with `url_for`: a request's Host header is not to be
    trusted, and a worker has no request. Money and times are passed as text; a worker has no current user.

    `event` names what happened, like `invitation:17:1`. A second call with the same event and address
    changes nothing and returns the first message's id; sending again on purpose is a new event.

    `company_id` is the company whose matter it is, or None. `sender_name` is shown beside our own address
    (by default FSM Navigator's), answers go to `reply_to`. `unsubscribe_url` takes a POST without
    signing in and adds the one-click header. `attachment` is the name and bytes of a PDF.

    A message without a mail server (`mail_leaves()` is false) is written down as given up.
    """
    moment, leaves = now(), mail_leaves()
    name, content = attachment or ("", None)
    statement = insert(Message).values(
        company_id=company_id,
        event=event,
        recipient=recipient,
        sender_name=_one_line(sender_name),
        reply_to=reply_to,
        subject=_one_line(subject)[:300],
        sealed_body=render(template, context or {}) if leaves else "",
        attachment_name=name,
        attachment=content if leaves else None,
        unsubscribe_url=unsubscribe_url,
        reference=new_reference(),
        state=MessageState.QUEUED if leaves else MessageState.GIVEN_UP,
        attempts=0,
        problem="" if leaves else NO_SERVER,
        queued_at=moment,
        due_at=moment,
        good_until=moment + good_for,
        settled_at=None if leaves else moment,
    )
    message_id = db.session.scalar(statement.on_conflict_do_nothing().returning(Message.id))
    if message_id is None:
        return db.session.scalars(select(Message.id).filter_by(event=event, recipient=recipient)).one()
    NUDGES.give_after_commit(message_id)
    return message_id


def take_back(message_id: int, why: str) -> bool:
    """Give up a message of which nothing has left yet, and tell as `why` it did not. The caller commits.

    False when it is on the wire, or final. Whoever has claimed it finds its claim lost before the message leaves.
    """
    unsent = (MessageState.QUEUED, MessageState.SENDING)
    given_up = (
        update(Message)
        .where(Message.id == message_id, Message.state.in_(unsent))
        .values(
            state=MessageState.GIVEN_UP,
            problem=why,
            settled_at=now(),
            sealed_body="",
            attachment=None,
            lease_owner=None,
            lease_until=None,
        )
    )
    if not rows_changed(given_up):
        return False
    message_settled.send(message_id, state=MessageState.GIVEN_UP, taken_back=True)
    return True


def _one_line(text: str) -> str:
    """A header is one line; a line break in a name would begin another header."""
    return " ".join(text.split())
