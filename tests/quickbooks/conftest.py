"""What the integration's tests share: a stand-in QuickBooks over HTTP, and a company connected to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import event

from app.extensions import db


@dataclass
class Counter:
    count: int = 0


@pytest.fixture
def count_queries(app) -> Callable:
    @contextmanager
    def counting() -> Iterator[Counter]:
        counter = Counter()

        def note(*_: object) -> None:
            counter.count += 1

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield counter
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting
