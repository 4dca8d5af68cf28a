"""RQ workers as threads of one process: while one waits for the network, others work."""

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer
from rq.timeouts import TimerDeathPenalty

from app import shutdown
from app.extensions import BULK, SLOW, SOON, db, queue

log = logging.getLogger(__name__)

# One thread each.
THREADS = (SOON,) * 8 + (BULK,) * 3 + (SLOW,) * 2
LANES = THREADS.count(SOON) + THREADS.count(BULK)  # each may keep a lease, in a thread beside it
# To PostgreSQL at once, at most: each job's, each lease's, the schedule's, the clock's. The pool has that many.
CONNECTIONS = len(THREADS) + LANES + 2

LISTEN_SECONDS = 60  # a Redis connection that says nothing for so long is thought dead, and made anew
RETRY_SECONDS = 2


class Worker(SimpleWorker):
    """Listens for none of RQ's commands: that costs a connection, and a thread which stays behind."""

    def subscribe(self) -> None: ...

    def unsubscribe(self) -> None: ...


class ThreadWorker(Worker):
    """Takes jobs from one queue, each in an app context of its own and under its thread's lock. The main thread
    hears the signals.
    """

    death_penalty_class = TimerDeathPenalty
    max_connection_wait_time = RETRY_SECONDS

    def __init__(self, at_work: threading.Lock, *args: Any, **kwargs: Any) -> None:
        self.at_work = at_work
        super().__init__(*args, **kwargs)

    def _install_signal_handlers(self) -> None: ...

    def procline(self, message: str) -> None: ...

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """None when it is to stop."""
        return None if shutdown.requested.is_set() else super().dequeue_job_and_maintain_ttl(timeout)

    def execute_job(self, job: Job, queue: Queue) -> None:
        if not self.at_work.acquire(blocking=False):  # the process ends, as soon as other threads are done
            _give_back(job, queue)
            return
        try:
            with current_app.app_context():  # the session ends with the job
                super().execute_job(job, queue)
        finally:
            self.at_work.release()


def work(app: Flask) -> None:
    """Until the process is told to stop; what is under way then is finished first.

    A thread that listens for jobs is left listening, and ends with the process: its lock, taken at once and
    never given back, keeps it from beginning one. What it gets until then is left to other workers.
    """
    locks = [threading.Lock() for _ in THREADS]
    for number, (name, at_work) in enumerate(zip(THREADS, locks, strict=True), start=1):
        threading.Thread(
            target=_keep_working, args=(app, name, at_work), name=f"{name}-{number}", daemon=True
        ).start()
    shutdown.wait()
    busy = [at_work for at_work in locks if not at_work.acquire(blocking=False)]
    for at_work in busy:
        at_work.acquire()


def rq_worker(
    app: Flask,
    names: tuple[str, ...] = (SOON, BULK, SLOW),
    kind: Callable[..., Worker] = Worker,
) -> Worker:
    """With a Redis client of its own: RQ lengthens the patience of the one it listens with."""
    listening = Redis.from_url(app.config["REDIS_URL"], socket_connect_timeout=2)
    queues = [queue(name, listening) for name in names]
    worker = kind(queues, connection=listening, serializer=JSONSerializer, worker_ttl=LISTEN_SECONDS)
    worker.push_exc_handler(_clean_session)
    return worker


def _keep_working(app: Flask, name: str, at_work: threading.Lock) -> None:
    """Redis may come and go meanwhile."""
    while not shutdown.requested.is_set():
        try:
            with app.app_context():
                rq_worker(app, (name,), partial(ThreadWorker, at_work)).work(logging_level="WARNING")
        except RedisError as error:
            log.warning("Redis is away, trying again in %s s: %s", RETRY_SECONDS, error)
        except Exception:
            log.exception("A thread for %r jobs stumbled over a bug of ours", name)
        shutdown.requested.wait(RETRY_SECONDS)


def _give_back(job: Job, queue: Queue) -> None:
    """To the front, where it was taken from: not every job is missed and queued anew."""
    with queue.connection.pipeline() as pipeline:
        pipeline.lrem(queue.intermediate_queue_key, 1, job.id)
        queue.push_job_id(job.id, pipeline, at_front=True)
        pipeline.execute()


def _clean_session(*_: object) -> bool:
    """A job that failed leaves no half-open transaction to the next one."""
    db.session.remove()
    return True
