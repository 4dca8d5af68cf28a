"""Mail as people read it: sent by a real worker to a real mail server."""

import re
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from devtools.mail.catcher import Catcher, Letter
from tests.mail.builders import work


class Mailbox:
    """What the mail server took, and the links in it."""

    def __init__(self, app: Flask, catcher: Catcher) -> None:
        self._app, self._catcher = app, catcher

    def letters_to(self, address: str) -> list[Letter]:
        work(self._app)
        return [letter for letter in self._catcher.letters if letter.recipient == address]

    def link_to(self, address: str) -> str:
        """The path of the link in the newest letter."""
        return link_in(self.letters_to(address)[-1])


def link_in(letter: Letter) -> str:
    found = re.search(r"https://fsm-navigator\.example(/\S+)", letter.text)
    assert found, letter.text
    assert urlsplit(found[1]).path in letter.html
    return found[1]


def visit(browser: FlaskClient, method: str, address: str, **options: object):
    """As in production, each request has a database session of its own, not the test's."""
    with browser.application.app_context():
        answer = browser.open(address, method=method, **options)
    db.session.expire_all()
    return answer
