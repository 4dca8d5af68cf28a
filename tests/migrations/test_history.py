"""The migrations build exactly what the models say, in one line of history."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from app.extensions import Base, db


def test_one_head(app: Flask):
    assert len(ScriptDirectory("migrations").get_heads()) == 1


def test_models_and_migrations_agree(app: Flask):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
