"""A release on a database that others use: migrations give way, are cut short, and are run again."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from app import create_app
from app.config import from_environment
from app.extensions import db
from tests.conftest import _fresh_database
from tests.migrations import MIGRATIONS

READ = text(
    "LOCK TABLE invoices IN ACCESS SHARE MODE"
)  # what any reader has until the end of its transaction


@pytest.fixture
def releasing(settings: dict[str, str], worker_id: str) -> Iterator[Flask]:
    """With an empty database of its own, not migrated."""
    for url in _fresh_database(settings["DATABASE_URL"], f"release_{worker_id}"):
        app = create_app(from_environment({**settings, "DATABASE_URL": url}))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()
    create_app(from_environment(settings))  # the limiter is one for all apps


def migrate(to: str = "head") -> None:
    upgrade(directory=MIGRATIONS, revision=to, x_arg=["lock_timeout=200ms"])


def revision() -> str | None:
    with db.engine.connect() as connection:
        return connection.scalar(text("SELECT version_num FROM alembic_version"))


def test_a_lock_that_is_refused_is_said_and_the_next_run_goes_on(releasing, capsys):
    migrate("0011")
    with db.engine.connect() as reader:
        reader.execute(READ)
        with pytest.raises(SystemExit):
            migrate("0026")
        stopped = revision()
        assert "0011" < (stopped or "") < "0026"  # what came before is done
        [line] = capsys.readouterr().err.splitlines()
        assert "A table is in use" in line
        assert f"at revision {stopped}" in line
        reader.rollback()
    migrate("0026")
    assert revision() == "0026"


def test_only_migrations_are_impatient(releasing):
    migrate("0001")
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT current_setting('lock_timeout')")) == "0"


def test_indexes_that_were_cut_short_are_made_again(releasing):
    """What 0026 does before its indexes is committed when they begin; the second one is refused."""
    migrate("0025")
    with db.engine.begin() as connection:
        connection.execute(text("CREATE VIEW ix_invoices_number AS SELECT 1"))
    with pytest.raises(Exception, match="ix_invoices_number"):
        migrate("0026")
    assert revision() == "0025"
    with db.engine.begin() as connection:
        connection.execute(text("DROP VIEW ix_invoices_number"))
    migrate()
    unfit = text("SELECT count(*) FROM pg_index WHERE NOT indisvalid")
    assert db.session.scalar(unfit) == 0
