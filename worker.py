"""The worker process: runs queued jobs, and the schedule beside them. One is enough; more may be started.

Jobs run in this process, without a fork each, so that a slice costs no start-up. The schedule is a thread that
needs only PostgreSQL to find work, so that losing Redis stops nothing for good.
"""

import itertools
import logging
import threading
import time
from collections.abc import Callable

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from app import create_app
from app.activity.retention import forget_old
from app.extensions import db, queue
from app.health.beats import beat
from app.invoices.overdue import mark_overdue
from app.mail.sweep import sweep as sweep_mail
from app.quickbooks.notices.attention import tell_of_trouble
from app.quickbooks.notices.weekly import tell_of_the_week
from app.quickbooks.outbox.sweep import keep_tokens_alive, sweep

log = logging.getLogger("worker")

SWEEP_SECONDS = 10
ROUNDS_A_MINUTE = 60 // SWEEP_SECONDS
ROUNDS_AN_HOUR = 3600 // SWEEP_SECONDS
ROUNDS_A_DAY = 24 * ROUNDS_AN_HOUR
RETRY_SECONDS = 2
LISTEN_SECONDS = 60  # a connection that says nothing for so long is thought dead, and made anew

# What the schedule does, and every how many rounds. Days begin at other hours in other time zones.
CHORES: tuple[tuple[Callable[[], object], int], ...] = (
    (sweep, 1),
    (sweep_mail, 1),
    (keep_tokens_alive, 1),
    (tell_of_trouble, ROUNDS_A_MINUTE),
    (tell_of_the_week, 10 * ROUNDS_A_MINUTE),
    (mark_overdue, ROUNDS_AN_HOUR),
    (forget_old, ROUNDS_A_DAY),
    (beat, 1),  # the last: the round was done
)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    run(create_app())


def run(app: Flask) -> None:
    """Work and sweep, until told to stop."""
    stop = threading.Event()
    threading.Thread(target=keep_sweeping, args=(app, stop), name="sweep", daemon=True).start()
    try:
        work(app)
    finally:
        stop.set()


def work(app: Flask) -> None:
    """Until told to stop; Redis may come and go meanwhile."""
    with app.app_context():
        while True:
            try:
                rq_worker(app).work(logging_level="WARNING")
                return
            except RedisError as error:
                log.warning("Redis is away, trying again in %s s: %s", RETRY_SECONDS, error)
                time.sleep(RETRY_SECONDS)


def rq_worker(app: Flask) -> SimpleWorker:
    """With a Redis client of its own: RQ lengthens the patience of the one it listens with."""
    ear = Redis.from_url(app.config["REDIS_URL"], socket_connect_timeout=2)
    worker = SimpleWorker([queue(ear)], connection=ear, serializer=JSONSerializer, worker_ttl=LISTEN_SECONDS)
    worker.push_exc_handler(_clean_session)
    return worker


def keep_sweeping(app: Flask, stop: threading.Event) -> None:
    """Whatever goes wrong, the next sweep comes: without it a lost nudge would be lost for good."""
    for round_number in itertools.count():
        if stop.wait(SWEEP_SECONDS):
            return
        for chore, every in CHORES:
            if round_number % every == 0:
                _do(app, chore)


def _do(app: Flask, chore: Callable[[], object]) -> None:
    with app.app_context():
        try:
            chore()
        except SQLAlchemyError as error:
            log.warning("The sweep waits for PostgreSQL: %s", error)
        except Exception:
            log.exception("The sweep stumbled over a bug of ours")


def _clean_session(*_: object) -> bool:
    """A job that failed leaves no half-open transaction to the next one."""
    db.session.remove()
    return True


if __name__ == "__main__":
    main()
