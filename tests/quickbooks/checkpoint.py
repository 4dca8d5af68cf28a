"""What many tests begin with is built once in a run, as the product builds it, and put back for the others."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from flask import current_app
from psycopg import Cursor
from sqlalchemy import Table, text

from app.extensions import db, redis
from tests.clean_slate import empty_used_tables
from tests.realms import US
from tests.simulator_process import SimulatorProcess

WHO = ("companies", "users")
THEIR_OWN = {"user_sessions"}  # the browsers of a test's own people

T = TypeVar("T")
Rows = dict[str, bytes]  # what COPY gives, by table


def built_once(build: Callable[..., T]) -> Callable[..., T]:
    """A fixture that returns a record or a list of records: `build` runs for the first test that wants it."""

    def reach(request: pytest.FixtureRequest, checkpoint: Checkpoint) -> T:
        given = {name: request.getfixturevalue(name) for name in inspect.signature(build).parameters}
        return checkpoint(f"{build.__module__}.{build.__name__}", lambda: build(**given))

    reach.__doc__ = build.__doc__
    return pytest.fixture(name=build.__name__)(reach)


class Checkpoint:
    """Rows, Redis and the stand-in QuickBooks after a fixture's work; `kept` is all that this run has built.

    One that is put back fits only where it began from the same people, companies, time and books; else it is
    built again.
    """

    def __init__(self, simulator: SimulatorProcess, kept: dict[Any, tuple[Any, ...]]) -> None:
        self._simulator, self._kept = simulator, kept
        self._passed: tuple[str, ...] = ()

    def __call__(self, name: str, build: Callable[[], T]) -> T:
        """The record, or the list of records, that `build` makes."""
        self._passed += (name,)
        key = (self._passed, self._beginning())
        if key not in self._kept:
            built = build()
            db.session.commit()
            scene = f"{name}-{len(self._kept)}"
            self._simulator.control("POST", f"scenes/{scene}")
            self._kept[key] = _named(built), scene, _rows(), _sequences(), _redis_keys()
            return built
        named, scene, rows, sequences, keys = self._kept[key]
        db.session.rollback()
        self._simulator.control("POST", f"scenes/{scene}/return")
        _put_back(rows, sequences)
        _put_back_in_redis(keys)
        db.session.expire_all()
        return _found(named)

    def _beginning(self) -> Any:
        people = [db.session.execute(text(f"SELECT * FROM {name} ORDER BY id")).all() for name in WHO]
        switches, changes = (self._simulator.control("GET", path) for path in ("settings", f"history/{US}"))
        return repr((people, current_app.extensions["clock"].now(), switches, len(changes)))


def _named(built: Any) -> Any:
    return [_named(one) for one in built] if isinstance(built, list) else (type(built), built.id)


def _found(named: Any) -> Any:
    return [_found(one) for one in named] if isinstance(named, list) else db.session.get_one(*named)


def _tables() -> list[Table]:
    return [table for table in db.metadata.sorted_tables if table.name not in THEIR_OWN]


def _columns(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns if column.computed is None)


def _rows() -> Rows:
    rows = {}
    with _cursor() as cursor:
        for table in _tables():
            with cursor.copy(f'COPY "{table.name}" ({_columns(table)}) TO STDOUT') as copy:
                if content := b"".join(bytes(part) for part in copy):
                    rows[table.name] = content
    return rows


def _sequences() -> dict[str, int]:
    found = db.session.execute(
        text("SELECT seqrelid::regclass::text, pg_sequence_last_value(seqrelid) FROM pg_sequence")
    )
    return {name: last for name, last in found if last is not None}


def _put_back(rows: Rows, sequences: dict[str, int]) -> None:
    """Triggers stay off: what they wrote is among the rows."""
    own = {name: last for name, last in _sequences().items() if name.startswith(tuple(THEIR_OWN))}
    db.session.rollback()
    empty_used_tables(db.engine, db.metadata, but=THEIR_OWN)
    with _cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in _tables():
            if content := rows.get(table.name):
                with cursor.copy(f'COPY "{table.name}" ({_columns(table)}) FROM STDIN') as copy:
                    copy.write(content)
        for name, last in {**sequences, **own}.items():
            cursor.execute("SELECT setval(%s, %s)", (name, last))


@contextmanager
def _cursor() -> Iterator[Cursor[Any]]:
    with db.engine.begin() as connection, connection.connection.cursor() as cursor:
        yield cursor  # type: ignore[misc]  # psycopg's own


def _redis_keys() -> dict[bytes, tuple[bytes, int]]:
    client = redis()
    kept = {key: (client.dump(key), client.pttl(key)) for key in client.scan_iter()}
    return {
        key: (content, left) for key, (content, left) in kept.items() if content
    }  # others ended meanwhile


def _put_back_in_redis(keys: dict[bytes, tuple[bytes, int]]) -> None:
    client = redis()
    client.flushall()
    for key, (content, left) in keys.items():
        client.restore(key, max(left, 0), content)
