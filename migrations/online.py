"""Indexes of large tables, built while others go on writing."""

from collections.abc import Iterable, Mapping

from alembic import op


def create_indexes(indexes: Mapping[str, str]) -> None:
    """By name, what follows ON. Commits what the migration did before; run again, it begins each index anew."""
    with op.get_context().autocommit_block():
        for name, on in indexes.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # what a migration left that was cut short
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {on}")


def drop_indexes(names: Iterable[str]) -> None:
    with op.get_context().autocommit_block():
        for name in names:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
