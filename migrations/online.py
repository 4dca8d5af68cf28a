"""Migrating while others go on working."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from alembic import op

# A migration that waits for a table makes all those wait who come after it: rather it gives up.
LOCK_TIMEOUT = "10s"


def create_indexes(indexes: Mapping[str, str]) -> None:
    """By name, what follows ON. Commits what the migration did before; run again, it begins each index anew."""
    with _patient():
        for name, on in indexes.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # what a migration left that was cut short
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {on}")


def drop_indexes(names: Iterable[str]) -> None:
    with _patient():
        for name in names:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


@contextmanager
def _patient() -> Iterator[None]:
    """Outside of a transaction. What is done CONCURRENTLY waits for transactions that began before it, an import's
    too, and nobody waits for it.
    """
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        yield
        op.execute(f"SET lock_timeout = '{op.get_context().opts.get('lock_timeout', LOCK_TIMEOUT)}'")
