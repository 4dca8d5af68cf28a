"""A real browser on the whole product: web, worker and the stand-in QuickBooks, each a process of its own."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from sqlalchemy import select

from app import create_app
from app.accounts.models import Company, Plan, Role, User
from app.config import from_environment
from app.extensions import db
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.orders import disconnect
from devtools.browser import FLAGS, chromium_path
from devtools.stack import Stack, running
from tests.browser.workplace import Workplace
from tests.people import hash_of_password, signed_in

# What tests provoke themselves: a cancelled connection, a page of the Owner's, a form sent back.
EXPECTED_REFUSALS = ("status of 400 ", "status of 403 ", "status of 422 ")
SUPERSEDED = ("htmx:afterRequest", "htmx:sendAbort")  # a newer request of the same field takes its place
# Milliseconds that a click, or what it changes, may take on a busy machine: the first PDF of a process takes five.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)
LONG = "Replaced the condensate pump; flushed the drain line and tested the float switch " * 3
FILE = f"""*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Memo,Item(Product/Service),ItemQuantity,ItemRate,Service Date
7001,Elm Street Bakery,3/2/2026,4/1/2026,Gate 4711,Tune-up,2,74.50,3/1/2026
7002,elm street bakery,3/2/2026,4/1/2026,,{LONG},1,149.00,3/1/2026
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    # The pace is measured by the demo and the scenarios; a loaded machine may bunch what was sent evenly.
    with running(("--no-limits",), RATELIMIT_ENABLED="0") as stack:
        yield stack


@pytest.fixture(scope="session")
def product(stack: Stack) -> Flask:
    """The same app in this process, to write in the company while the browser looks at it."""
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # read from the environment by the library itself
    return create_app(from_environment(stack.environment))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def hired(stack: Stack, product: Flask) -> Iterator[Callable[..., Workplace]]:
    """A new company with its people, while QuickBooks is empty; at the end everybody disconnects."""
    requests.post(f"{stack.simulator_url}/_simulator/reset", timeout=30).raise_for_status()
    yield lambda plan=Plan.PRO: Workplace(product, stack.simulator_url, *_open(product, plan))
    with product.app_context():
        for connection in db.session.query(Connection).filter(
            Connection.state != ConnectionState.DISCONNECTED
        ):
            disconnect(connection)


def _open(product: Flask, plan: Plan) -> list[str]:
    """The e-mail addresses of an owner, a dispatcher, a bookkeeper and a technician."""
    name = uuid.uuid4().hex[:8]
    emails = [f"{role.value}-{name}@harbor.example" for role in Role]
    with product.app_context():
        company = Company(name=f"Harbor {name}", plan=plan)
        for role, email in zip(Role, emails, strict=True):
            user = User(company=company, email=email, name=role.label, role=role)
            user.password_hash = hash_of_password()
            db.session.add(user)
        db.session.commit()
    return emails


@pytest.fixture
def workplace(hired: Callable[..., Workplace]) -> Workplace:
    return hired()


@pytest.fixture
def new_page(browser: Browser, stack: Stack) -> Iterator[Callable[..., Page]]:
    """A browser of its own. Script errors, missing files and breaches of the content policy fail the test."""
    contexts, complaints = [], []

    def listen(message: ConsoleMessage) -> None:
        """The simulator's own pages are looked after elsewhere."""
        expected = any(words in message.text for words in (*EXPECTED_REFUSALS, *SUPERSEDED))
        if message.type == "error" and message.location["url"].startswith(stack.web_url) and not expected:
            complaints.append(f"{message.text} ({message.location['url']})")

    def opened(width: int = 1280) -> Page:
        context = browser.new_context(base_url=stack.web_url, viewport={"width": width, "height": 900})
        context.set_default_timeout(PATIENCE)
        context.on("console", listen)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def sign_in(new_page: Callable[..., Page], product: Flask) -> Callable[..., Page]:
    """With a session's cookie; the door itself has tests of its own (test_accounts.py)."""

    def sign_in(email: str, width: int = 1280) -> Page:
        page = new_page(width)
        with product.app_context():
            secret = signed_in(db.session.scalars(select(User).filter_by(email=email)).one())
        kept = SecureCookieSessionInterface().get_signing_serializer(product).dumps({"_user_id": secret})
        cookie = {"name": product.config["SESSION_COOKIE_NAME"], "value": kept}
        page.context.add_cookies([{**cookie, "domain": "localhost", "path": "/"}])
        page.goto("/home")
        return page

    return sign_in


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """As QuickBooks exports its invoices."""
    path = tmp_path / "quickbooks.csv"
    path.write_text(FILE, encoding="utf-8")
    return path
