"""Whether anybody waits for a lock: in this database alone, for other runs may share the server."""

from sqlalchemy import text

from app.extensions import db

OF_WHO_WAITS = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def somebody_waits() -> bool:
    with db.engine.connect() as observer:
        return observer.scalar(text(f"SELECT count(*) {OF_WHO_WAITS}")) > 0


def end_who_waits() -> list[bool]:
    """PostgreSQL restarts, as far as the one who waits can tell."""
    with db.engine.connect() as other:
        return list(other.scalars(text(f"SELECT pg_terminate_backend(pid) {OF_WHO_WAITS}")))
