"""Messages to try the outbox with."""

from typing import Any

from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

from app.extensions import db
from app.job_threads import rq_worker
from app.mail.models import Message
from app.mail.outbox import send_later

BUYER = "bea@buyer.example"
GREETING = {
    "tests/greeting.txt": "Good day, {{ name }}.\n.\nA line that is a dot alone is kept.\n",
    "tests/greeting.html": (
        '{% extends "mail/_layout.html" %}{% block content %}<p>Good day, {{ name }}.</p>{% endblock %}'
    ),
}


def add_greeting(app: Flask) -> None:
    """A template that only the tests have."""
    loader = app.jinja_env.loader
    if not isinstance(loader, ChoiceLoader):
        app.jinja_env.loader = ChoiceLoader([DictLoader(GREETING), loader])


def queued(event: str = "test:1", recipient: str = BUYER, **options: Any) -> int:
    """Committed; the nudge is out."""
    options = {"company_id": None, "context": {"name": "Bea & Söhne <b>"}, **options}
    message_id = send_later(recipient, "tests/greeting", "Greetings", event=event, **options)
    db.session.commit()
    return message_id


def work(app: Flask) -> None:
    """A real RQ worker does everything that is queued now."""
    db.session.rollback()
    rq_worker(app).work(burst=True, logging_level="WARNING")


def found(message_id: int) -> Message:
    db.session.rollback()
    return db.session.get_one(Message, message_id, populate_existing=True)
