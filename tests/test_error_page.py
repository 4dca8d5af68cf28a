"""What somebody sees, and what the log holds, when the database fails."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from gunicorn.config import Config
from sqlalchemy import text

from app import create_app
from app.accounts.guards import public
from app.config import from_environment
from app.extensions import db, limiter
from app.web.access_log import AccessLog

TOKEN = "Zm9yZ290LXBhc3N3b3JkLWxpbmstdG9rZW4"
WORDS = "Something went wrong"


@contextmanager
def product(settings: dict[str, str], **others: str) -> Iterator[Flask]:
    """An app of its own, as in production, with a page that breaks its transaction."""
    present = limiter.enabled
    app = create_app({**from_environment({**settings, **others}), "WTF_CSRF_ENABLED": False}, migrates=False)

    @app.get("/broken/<secret>")
    @public
    def broken(secret: str) -> str:
        return str(db.session.scalar(text("SELECT 1 / 0")))

    yield app
    limiter.enabled = present


@pytest.fixture
def cookie(owner) -> str:
    with owner.client.session_transaction() as session:
        return session["_user_id"]


def _answer(app: Flask, cookie: str, path: str, **options):
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = cookie
    return browser.get(path, **options)


def test_the_transaction_is_broken(settings, app, cookie):
    """The page is whole: what it asks the database goes in a new transaction."""
    with product(settings) as whole:
        answer = _answer(whole, cookie, f"/broken/{TOKEN}")
    assert answer.status_code == 500
    assert WORDS in answer.text
    assert "Olivia" in answer.text


@pytest.mark.parametrize("path", ["/customers", "/sign-in", "/nothing/here"])
def test_the_database_is_away(settings, app, cookie, path):
    with product(settings, DATABASE_URL="postgresql://nobody@127.0.0.1:9/none") as without:
        answer = _answer(without, cookie, path)
        assert answer.status_code == 500
        assert WORDS in answer.text
        assert "Content-Security-Policy" in answer.headers
        assert "no-store" in answer.headers["Cache-Control"]
        fragment = _answer(without, cookie, path, headers={"HX-Request": "true"})
        assert fragment.status_code == 500
        assert WORDS in fragment.text


def test_the_log_of_an_error_holds_no_secret(settings, app, cookie, caplog):
    with product(settings) as whole, caplog.at_level(logging.ERROR):
        _answer(whole, cookie, f"/broken/{TOKEN}?code=secret-code")
    assert "Exception on /broken/… [GET]" in caplog.text
    assert "DivisionByZero" in caplog.text
    assert TOKEN not in caplog.text
    assert "secret-code" not in caplog.text


def test_what_gunicorn_says_of_a_request_that_broke(tmp_path):
    config = Config()
    config.set("errorlog", str(tmp_path / "log"))
    log = AccessLog(config)
    try:
        raise ValueError("it broke")
    except ValueError:
        log.exception("Error handling request %s %s", "GET", f"/invitation/{TOKEN}?code=secret-code&state=x")
    log.warning(
        f"Invalid request from ip=127.0.0.1: Invalid HTTP request line: 'GET /invitation/{TOKEN} x y'"
    )
    said = (tmp_path / "log").read_text()
    assert "Error handling request GET /invitation/…\n" in said
    assert "ValueError: it broke" in said
    assert "Invalid request from ip=127.0.0.1: Invalid HTTP request line: 'GET /invitation/… x y'" in said
    assert TOKEN not in said
    assert "secret-code" not in said
