"""The extensions every room shares, bound to the app in create_app."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from htmx_flask import Htmx
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CursorResult,
    DateTime,
    Integer,
    MetaData,
    SQLColumnExpression,
    String,
    UpdateBase,
    false,
    func,
    literal,
    select,
)
from sqlalchemy.orm import DeclarativeBase, registry

from app.lib.clock import Clock
from app.lib.secrets_box import SecretsBox


class Base(DeclarativeBase):
    """Every table: named constraints, so that migrations can name them, and times with a zone."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: DateTime(timezone=True)},
    )


db = SQLAlchemy(model_class=Base)
login_manager = LoginManager()
csrf = CSRFProtect()
bootstrap = Bootstrap5()
htmx = Htmx()
limiter = Limiter(key_func=get_remote_address)


def database_time(app: Flask) -> Callable[[], datetime]:
    """What tells the time of the database, which all processes share. For any thread."""
    with app.app_context():
        engine = db.engine

    def told() -> datetime:
        with engine.connect() as connection:
            return connection.execute(select(func.clock_timestamp())).scalar_one()

    return told


def clock() -> Clock:
    return current_app.extensions["clock"]


def now() -> datetime:
    return clock().now()


def redis() -> Redis:
    return current_app.extensions["redis"]


def rows_changed(statement: UpdateBase) -> int:
    """Run an UPDATE or DELETE; returns how many rows it met."""
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount


def among(column: SQLColumnExpression[Any], values: Collection[int] | Collection[str]) -> ColumnElement[bool]:
    """The condition that it is one of these. In place of `in_` where a file or an outbox says how many they are:
    one parameter whatever their number, and PostgreSQL takes 65,535.

    Unpacked, they are hashed. Those of `= ANY` are compared one by one as soon as PostgreSQL plans the statement
    without looking at them, which it may do from the eleventh time on (but see long_lists.py).
    """
    if not values:
        return false()
    kind = String if isinstance(next(iter(values)), str) else Integer
    return column.in_(select(func.unnest(literal(list(values), ARRAY(kind)))))


# What people wait for; what big companies have to send; what may take long and waits for others.
SOON, BULK, SLOW = "default", "bulk", "slow"


def queue(name: str = SOON, connection: Redis | None = None) -> Queue:
    """An RQ queue. JSON, so that a job's arguments can only ever be plain ids."""
    return Queue(name, connection=connection or redis(), serializer=JSONSerializer)


def enqueue(name: str, job: str, record_id: int, seconds: int, at_front: bool = False) -> Job:
    """Have a worker call `job`, a function's full name, with an id; it is stopped after so many seconds.

    Raises RedisError: whoever asks knows what losing it means.
    """
    return queue(name).enqueue(
        job,
        record_id,
        at_front=at_front,
        job_timeout=seconds,
        result_ttl=60,  # with 0, RQ reads the job back to delete it, and fails if Redis was wiped meanwhile
        failure_ttl=7 * 86400,
    )


def secrets_box() -> SecretsBox:
    return current_app.extensions["secrets_box"]
