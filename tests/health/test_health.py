"""What a monitor is told: whether all is well to everybody, and why not to who knows the token."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import text

from app.extensions import db
from app.quickbooks.account import metering
from app.quickbooks.models import TaskState
from app.schedule.chores import do_due
from tests.quickbooks import builders
from worker import CHORES

TOKEN = {"Authorization": "Bearer let-me-see"}


@pytest.fixture(autouse=True)
def token(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "HEALTH_TOKEN", "let-me-see")


def asked(app: Flask, path: str, **headers: str) -> tuple[int, str]:
    with app.app_context():
        answer = app.test_client().get(path, headers=headers)
    return answer.status_code, answer.text


def test_all_is_well(app):
    do_due(CHORES)
    for path in ("/health", "/health/worker"):
        assert asked(app, path) == (200, "ok\n")


def test_details_are_for_who_knows_the_token(app):
    status, page = asked(app, "/health", **TOKEN)
    assert status == 200
    assert "database: ok (answers)" in page
    assert "migrations: ok" in page
    for wrong in ("", "Bearer ", "Bearer let-me-sef", "let-me-see"):
        assert asked(app, "/health", Authorization=wrong) == (200, "ok\n")


def test_without_the_setting_nobody_sees_details(app, monkeypatch):
    monkeypatch.setitem(app.config, "HEALTH_TOKEN", "")
    assert asked(app, "/health", Authorization="Bearer ") == (200, "ok\n")


def test_redis_is_away(app, monkeypatch):
    away = Redis.from_url("redis://127.0.0.1:9/0", socket_connect_timeout=1)
    monkeypatch.setitem(app.extensions, "redis", away)
    assert asked(app, "/health") == (503, "not ok\n")
    assert "queue store: not ok (ConnectionError)" in asked(app, "/health", **TOKEN)[1]


@pytest.fixture
def revision() -> Iterator[Callable[[str | None], None]]:
    """Says which revision the database is at; none at all is one that was never migrated."""
    newest = db.session.scalar(text("SELECT version_num FROM alembic_version"))

    def put(value: str | None) -> None:
        db.session.execute(text("DELETE FROM alembic_version"))
        if value:
            db.session.execute(text("INSERT INTO alembic_version VALUES (:value)"), {"value": value})
        db.session.commit()

    yield put
    put(newest)


@pytest.mark.parametrize("older", ["0001", None])
def test_migrations_are_missing(app, revision, older: str | None):
    revision(older)
    assert asked(app, "/health") == (503, "not ok\n")


def test_a_newer_version_has_migrated(app, revision):
    revision("9999")
    status, page = asked(app, "/health", **TOKEN)
    assert status == 200
    assert "migrations: ok (at 9999, newer than " in page


def test_the_worker_was_never_heard_of(app):
    assert asked(app, "/health/worker") == (503, "not ok\n")


def test_the_worker_is_silent(app, clock):
    do_due(CHORES)
    clock.advance(minutes=3)
    assert asked(app, "/health/worker", **TOKEN) == (
        503,
        "not ok\nsweep: not ok (180 s)\noldest due row: ok (none)\nreads of QuickBooks: ok (0 of 500000)\n",
    )


def test_a_row_nobody_takes_up(app, owner, clock):
    connection = builders.connected(owner.company)
    task = builders.task_of(connection, builders.customer(owner.company))
    clock.advance(minutes=20)
    do_due(CHORES)
    status, page = asked(app, "/health/worker", **TOKEN)
    assert (status, page.splitlines()[2]) == (503, "oldest due row: not ok (1200 s)")
    builders.put_in(task, TaskState.SYNCED)
    assert asked(app, "/health/worker") == (200, "ok\n")


def test_the_reads_of_the_month_are_nearly_used_up(app, monkeypatch):
    do_due(CHORES)
    monkeypatch.setitem(app.config, "QUICKBOOKS_READ_QUOTA", 10)
    for _ in range(7):
        metering.count("1")
    assert asked(app, "/health/worker") == (200, "ok\n")
    metering.count("2")
    status, page = asked(app, "/health/worker", **TOKEN)
    assert (status, page.splitlines()[3]) == (503, "reads of QuickBooks: not ok (8 of 10)")


def test_a_row_that_may_not_go_is_no_trouble(app, owner, clock):
    connection = builders.connected(owner.company, paused_until=clock.now().replace(year=2027))
    assert builders.task_of(connection, builders.customer(owner.company)).state is TaskState.QUEUED
    clock.advance(minutes=20)
    do_due(CHORES)
    assert asked(app, "/health/worker") == (200, "ok\n")
