"""The worker process: runs queued jobs, and the schedule beside them. One is enough; more may be started.

Jobs run in this process, without a fork each, so that a slice costs no start-up. The schedule is a thread that
needs only PostgreSQL to find work, so that losing Redis stops nothing for good; PostgreSQL also says which
worker does a chore.
"""

import logging
import threading
import time
from datetime import timedelta

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from rq.worker import DequeueStrategy

from app import create_app
from app.accounts.retention import forget_ended
from app.activity.retention import forget_old
from app.extensions import SLOW, SOON, db, queue
from app.invoices.overdue import mark_overdue
from app.mail.sweep import sweep as sweep_mail
from app.quickbooks.account.renewal import queue_renewals
from app.quickbooks.notices.attention import tell_of_trouble
from app.quickbooks.notices.weekly import tell_of_the_week
from app.quickbooks.outbox.pruning import prune
from app.quickbooks.outbox.sweep import sweep
from app.quickbooks.outbox.tallies import fold
from app.quickbooks.tie_out.watch import queue_checks
from app.schedule.chores import Chore, do_due

log = logging.getLogger("worker")

SWEEP_SECONDS = 10
RETRY_SECONDS = 2
LISTEN_SECONDS = 60  # a connection that says nothing for so long is thought dead, and made anew

ROUND = timedelta(seconds=SWEEP_SECONDS)
# Overdue is asked every hour, because days begin at other hours in other time zones.
CHORES = (
    Chore(sweep, ROUND),
    Chore(sweep_mail, ROUND),
    Chore(queue_renewals, ROUND),
    Chore(fold, timedelta(seconds=30)),
    Chore(queue_checks, timedelta(minutes=10)),
    Chore(tell_of_trouble, timedelta(minutes=1)),
    Chore(tell_of_the_week, timedelta(minutes=10)),
    Chore(mark_overdue, timedelta(hours=1)),
    Chore(forget_ended, timedelta(hours=1)),
    Chore(forget_old, timedelta(days=1)),
    Chore(prune, timedelta(days=1)),
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
                rq_worker(app).work(logging_level="WARNING", dequeue_strategy=DequeueStrategy.ROUND_ROBIN)
                return
            except RedisError as error:
                log.warning("Redis is away, trying again in %s s: %s", RETRY_SECONDS, error)
                time.sleep(RETRY_SECONDS)


def rq_worker(app: Flask) -> SimpleWorker:
    """With a Redis client of its own: RQ lengthens the patience of the one it listens with."""
    listening = Redis.from_url(app.config["REDIS_URL"], socket_connect_timeout=2)
    queues = [queue(name, listening) for name in (SOON, SLOW)]
    worker = SimpleWorker(queues, connection=listening, serializer=JSONSerializer, worker_ttl=LISTEN_SECONDS)
    worker.push_exc_handler(_clean_session)
    return worker


def keep_sweeping(app: Flask, stop: threading.Event) -> None:
    """Whatever goes wrong, the next sweep comes: without it a lost nudge would be lost for good."""
    while not stop.wait(SWEEP_SECONDS):
        with app.app_context():
            do_due(CHORES)


def _clean_session(*_: object) -> bool:
    """A job that failed leaves no half-open transaction to the next one."""
    db.session.remove()
    return True


if __name__ == "__main__":
    main()
