"""Wake a worker for a connection, after the commit; one with much to send is handed over to the bulk."""

import logging

from redis.exceptions import RedisError
from rq.utils import as_text

from app.extensions import BULK, SOON, enqueue, queue, redis
from app.nudges import Nudges

log = logging.getLogger(__name__)

JOB, BULK_JOB = "app.quickbooks.jobs.drain_connection", "app.quickbooks.jobs.drain_in_bulk"
BULK_SECONDS = 86400  # how long is remembered which job stands for a company's bulk
LIMIT_SECONDS = 600

NUDGES = Nudges(
    "quickbooks:nudged",
    "QuickBooks connection",
    queue=SOON,
    job=JOB,
    job_seconds=LIMIT_SECONDS,
    hold_seconds=30,
)
nudge, nudge_after_commit, nudge_arrived = NUDGES.give, NUDGES.give_after_commit, NUDGES.arrived


def hand_over(connection_id: int) -> None:
    """To the lanes that work in bulk, unless its job waits there already."""
    try:
        waiting = redis().get(_bulk_key(connection_id))
        if waiting is None or redis().lpos(queue(BULK).key, as_text(waiting)) is None:
            job = enqueue(BULK, BULK_JOB, connection_id, LIMIT_SECONDS)
            redis().set(_bulk_key(connection_id), job.id, ex=BULK_SECONDS)
    except RedisError as error:
        log.warning("QuickBooks connection %s was not handed over: %s", connection_id, error)


def others_wait(name: str) -> bool:
    """Whether jobs wait in a queue for a thread that takes them."""
    try:
        return queue(name).count > 0
    except RedisError:
        return False


def _bulk_key(connection_id: int) -> str:
    return f"quickbooks:bulk:{connection_id}"
