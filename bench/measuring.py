"""What the measurements of pages share: the product in this process, on servers of its own, and fair timing."""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

from app import create_app
from app.config import from_environment
from app.extensions import db
from app.lib.clock import FixedClock
from devtools.servers import postgres, redis_server
from devtools.stack import bare, migrate


@contextmanager
def product() -> Iterator[Flask]:
    """A migrated, empty database, Redis, and the app in a pushed context. Its clock stands still, as versions of
    polls are good for five minutes.
    """
    with tempfile.TemporaryDirectory(prefix="fsm-bench-") as name:
        folder = Path(name)
        with postgres(folder / "postgres") as database, redis_server(folder / "redis") as redis:
            stack = bare(folder, database, redis, RATELIMIT_ENABLED="0")
            migrate(stack)
            settings = {**from_environment(stack.environment), "WTF_CSRF_ENABLED": False}
            app = create_app(settings, clock=FixedClock(datetime.now(UTC)))
            with app.app_context():
                yield app


def medians(tasks: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Milliseconds of each, by turns, so that a busy moment meets all of them."""
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for task in tasks.values():
        task()
    for _ in range(rounds):
        for name, task in tasks.items():
            started = time.perf_counter()
            task()
            taken[name].append((time.perf_counter() - started) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """What is sent to PostgreSQL meanwhile, with its parameters."""
    issued: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        issued.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield issued
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def report(row: str, result: Mapping[str, Any]) -> None:
    """The row of docs/performance.md, and the same for machines as the last line."""
    print(row)
    print(json.dumps(result))
