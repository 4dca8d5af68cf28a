"""Browsers that nobody is signed in with, and the mailbox."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.config import from_environment
from app.extensions import limiter
from devtools.mail.catcher import Catcher
from tests.accounts.letters import Mailbox, visit
from tests.people import PASSWORD


class Browser:
    """Of somebody who may sign in: `get`, `post`, and `sign_in` by the form."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str, **options: object):
        return visit(self.client, "GET", address, **options)

    def post(self, address: str, data: dict | None = None, **options: object):
        return visit(self.client, "POST", address, data=data or {}, **options)

    def sign_in(self, email: str = "olivia@harbor.example", password: str = PASSWORD, **fields: str):
        return self.post("/sign-in", {"email": email, "password": password, **fields})

    @property
    def is_signed_in(self) -> bool:
        return self.get("/customers").status_code == 200


@pytest.fixture
def new_browser(app: Flask) -> Callable[[], Browser]:
    return lambda: Browser(app.test_client())


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    return new_browser()


@pytest.fixture
def letters(app: Flask, mailbox: Catcher) -> Mailbox:
    return Mailbox(app, mailbox)


@pytest.fixture
def limited(app: Flask, settings: dict[str, str]) -> Iterator[Flask]:
    """The app as in production, where tries are counted."""
    production = from_environment({**settings, "RATELIMIT_ENABLED": "1"})
    yield create_app({**production, "TESTING": True, "WTF_CSRF_ENABLED": False})
    limiter.enabled = False  # it is shared by every app of this process
