"""One PostgreSQL and one Redis for the whole run, an app bound to them, and a clean slate for each test."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app import create_app
from app.config import from_environment
from app.extensions import db, limiter
from app.lib.clock import FixedClock
from app.lib.garbage import leave_the_code_out
from devtools.mail.catcher import Catcher, listening
from devtools.servers import free_port, postgres, redis_server
from tests.clean_slate import empty_used_tables
from tests.people import Actor

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TEST_KEY = "dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktMDAwMDA="


# The files that take minutes go first, so that none of them starts when the others are done.
LONGEST = ("tests/quickbooks/scenarios/test_chaos.py", "tests/browser/", "tests/quickbooks/scenarios/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: next(place for place, path in enumerate((*LONGEST, "")) if path in item.nodeid)
    )


def pytest_collection_finish() -> None:
    """What was imported stays for the whole run."""
    leave_the_code_out()


@pytest.fixture(scope="session")
def database_url(worker_id: str) -> Iterator[str]:
    """An empty, migrated database: a new one on the server of DATABASE_URL, or on an embedded server."""
    if url := os.environ.get("DATABASE_URL"):
        yield from _fresh_database(url, f"test_{worker_id}")
        return
    # Not under pytest's folder: another run of pytest would close that to PostgreSQL's own user.
    with (
        tempfile.TemporaryDirectory(prefix="fsm-navigator-") as folder,
        postgres(Path(folder) / "postgres", outlives_the_machine=False) as url,
    ):
        yield url


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Always our own server: tests wipe it."""
    with redis_server(Path(tmp_path_factory.mktemp("redis"))) as url:
        yield url


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[Catcher]:
    """A real SMTP server that keeps what it is sent."""
    with listening(free_port()) as catcher:
        yield catcher


@pytest.fixture
def mailbox(smtp_server: Catcher) -> Iterator[Catcher]:
    """The SMTP server, empty and well-behaved at the start of the test."""
    smtp_server.clear()
    yield smtp_server
    smtp_server.clear()


@pytest.fixture(scope="session")
def settings(database_url: str, redis_url: str, smtp_server: Catcher) -> dict[str, str]:
    """The environment a process of this app needs."""
    return {
        "SECRET_KEY": "test",
        "TOKEN_ENCRYPTION_KEYS": TEST_KEY,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECURE_COOKIES": "0",
        "RATELIMIT_ENABLED": "0",
        "STYLEGUIDE": "1",
        "MAIL_URL": f"smtp://127.0.0.1:{smtp_server.port}",
        "MAIL_FROM": "FSM Navigator <mail@fsm-navigator.example>",
        "PUBLIC_URL": "https://fsm-navigator.example",
        "QUICKBOOKS_CLIENT_ID": "test-client",
        "QUICKBOOKS_CLIENT_SECRET": "test-secret",
        "QUICKBOOKS_REDIRECT_URI": "http://localhost/integrations/quickbooks/callback",
        # A worker of a test without the stand-in must reach nobody: port 9 refuses.
        **{
            f"QUICKBOOKS_{name}_URL": "http://127.0.0.1:9" for name in ("API", "AUTHORIZE", "TOKEN", "REVOKE")
        },
    }


@pytest.fixture(scope="session")
def migrated_app(settings: dict[str, str]) -> Flask:
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # read from the environment by the library itself
    app = create_app({**from_environment(settings), "TESTING": True, "WTF_CSRF_ENABLED": False})
    with app.app_context():
        upgrade(directory=str(Path(__file__).parent.parent / "migrations"))
    return app


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def app(migrated_app: Flask, clock: FixedClock) -> Iterator[Flask]:
    """The app in a pushed context, with empty tables, an empty Redis and a clock that stands still."""
    migrated_app.extensions["clock"] = clock
    limiter.enabled = migrated_app.config[
        "RATELIMIT_ENABLED"
    ]  # one for all apps; the last one made has set it
    with migrated_app.app_context():
        yield migrated_app
        db.session.rollback()
        empty_used_tables(db.engine, db.metadata)
        migrated_app.extensions["redis"].flushall()


@pytest.fixture
def owner(app: Flask) -> Actor:
    """Olivia owns Harbor Heating, a Pro company."""
    return Actor.hired(app, "olivia@harbor.example", company="Harbor Heating")


@pytest.fixture
def dispatcher(app: Flask, owner: Actor) -> Actor:
    return Actor.hired(app, "dan@harbor.example", company="Harbor Heating", role="dispatcher")


@pytest.fixture
def bookkeeper(app: Flask, owner: Actor) -> Actor:
    """Bea keeps Harbor Heating's books from outside the company."""
    return Actor.hired(app, "bea@books.example", company="Harbor Heating", role="bookkeeper")


@pytest.fixture
def technician(app: Flask, owner: Actor) -> Actor:
    return Actor.hired(app, "tess@harbor.example", company="Harbor Heating", role="technician")


@pytest.fixture
def stranger(app: Flask) -> Actor:
    """Sam owns another company and must never see Harbor Heating's data."""
    return Actor.hired(app, "sam@summit.example", company="Summit Plumbing")


def _fresh_database(url: str, name: str) -> Iterator[str]:
    server = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "main")
