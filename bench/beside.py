"""Whether small companies wait behind a big one: from a save until its record is in QuickBooks.

The worker is the one of the Procfile; the stand-in takes its time and keeps Intuit's limits. One company has its
rows to send, the small ones save an invoice now and then, and tie-outs run all the while. With more companies and
workers it shows how the product grows (docs/scale.md).

Run: python -m bench.beside [--companies N] [--rows N] [--big N] [--workers N] [--seconds N] [--every S]
    [--latency MS] [--item-latency MS]
"""

import argparse
import logging
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

import psutil
from sqlalchemy import and_, func, select, text

from app.extensions import db, now, redis
from app.quickbooks.models import Connection, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.models.runs import RunState
from app.quickbooks.tie_out import runs
from app.quickbooks.tie_out.models import TieOut
from bench import saving
from bench.measuring import report
from bench.scene import connected, control, scene
from devtools.stack import Stack
from devtools.waiting import wait_until

GOAL = 3.0
TIED = 2  # small companies whose books are compared all the while, beside the big one's
PATIENCE = 120.0  # seconds for what was saved last
CUSTOMERS = 10  # of a small company


@dataclass(frozen=True)
class Options:
    companies: int = 49
    rows: int = 5000  # of each big company
    big: int = 1
    workers: int = 1
    seconds: float = 60
    every: float = 10  # seconds between two saves of a small company
    latency: float = 300  # milliseconds of each request
    item_latency: float = 90  # milliseconds more of each batch item


@dataclass(frozen=True)
class Result:
    """Of small companies' saves: seconds until QuickBooks has them. Of the servers: the most they were asked."""

    saves: int
    unsent: int
    p50: float
    p95: float
    longest: float
    big_rows_sent: int
    rows_a_minute: int
    throttled: dict[str, int]
    tie_outs: int
    worker_megabytes: int
    worker_cpu_percent: float
    postgresql_connections: int
    redis_connections: int
    redis_commands_a_second: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in asdict(Options()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(default), default=default)
    options = Options(**vars(parser.parse_args()))
    logging.disable(logging.WARNING)
    with scene(options.latency, options.item_latency) as stack:
        result = measured(stack, options)
    report(
        f"| F3 {options.companies} small companies saving beside {options.big} with {options.rows:,} rows, "
        f"{options.workers} worker(s) | p50 {result.p50} s, p95 {result.p95} s, longest {result.longest} s of "
        f"{result.saves} saves; {result.unsent} unsent; {result.rows_a_minute} rows a minute, "
        f"{sum(result.throttled.values())} throttled, {result.tie_outs} tie-outs; "
        f"worker {result.worker_megabytes} MB | p95 ≤ {GOAL} s |",
        asdict(options) | asdict(result),
    )
    raise SystemExit(result.unsent > 0 or bool(result.throttled) or result.p95 > GOAL)


def measured(stack: Stack, options: Options) -> Result:
    """In an app context with empty tables; the stand-in runs."""
    with at_once(stack):
        small = [
            connected(stack, _found(stack, f"Small {n}"), CUSTOMERS, CUSTOMERS)
            for n in range(options.companies)
        ]
        for number in range(options.workers):
            stack.start_worker(f"worker-{number}")
        wait_until(lambda: _waiting() == 0, "the small companies are in QuickBooks", seconds=600, every=1)
        big = [
            connected(stack, _found(stack, f"Big {n}"), options.rows // 5, options.rows * 4 // 5)
            for n in range(options.big)
        ]
    workers = [psutil.Process(process.pid) for name, process in stack.processes.items() if "worker" in name]
    return _watch(stack, options, [each.id for each in small], [each.id for each in big], workers)


@contextmanager
def at_once(stack: Stack) -> Iterator[None]:
    """Meanwhile the stand-in takes no time and keeps no limits: this is made ready, not measured."""
    settings = control(stack, "GET", "settings")
    control(stack, "POST", "settings", latency_ms=0, item_latency_ms=0, limits=False)
    yield
    kept = {name: settings[name] for name in ("latency_ms", "item_latency_ms", "limits")}
    control(stack, "POST", "settings", **kept)


def _watch(
    stack: Stack, options: Options, small: list[int], big: list[int], workers: list[psutil.Process]
) -> Result:
    started = time.monotonic()
    before, cpu, commands = _sent(big), _cpu(workers), _commands()
    saves: list[tuple[int, datetime]] = []
    connections, memory = 0, 0
    turns = sorted((random.uniform(0, options.every), connection_id) for connection_id in small)
    while (elapsed := time.monotonic() - started) < options.seconds:
        due, connection_id = turns[0]
        if due > elapsed:
            time.sleep(min(due - elapsed, 0.2))
            continue
        turns = sorted([*turns[1:], (due + options.every, connection_id)])
        saves.append((_save(connection_id), now()))
        if len(saves) % 20 != 1:
            continue
        _compare([*big, *small[:TIED]])
        connections = max(connections, _connections())
        memory = max(memory, *(worker.memory_info().rss for worker in workers))
    seconds = time.monotonic() - started
    rows, cpu, commands = _sent(big) - before, _cpu(workers) - cpu, _commands() - commands
    delays = _delays(saves)
    ranked = sorted(delay if delay is not None else PATIENCE for delay in delays)
    tied = select(func.count()).select_from(TieOut).where(TieOut.state == RunState.DONE)
    return Result(
        saves=len(saves),
        unsent=delays.count(None),
        p50=round(ranked[len(ranked) // 2], 2),
        p95=round(ranked[int(len(ranked) * 0.95)], 2),
        longest=round(ranked[-1], 2),
        big_rows_sent=rows,
        rows_a_minute=round(rows * 60 / seconds),
        throttled=_throttled(stack),
        tie_outs=db.session.scalar(tied) or 0,
        worker_megabytes=round(memory / 1e6),
        worker_cpu_percent=round(cpu * 100 / seconds, 1),
        postgresql_connections=connections,
        redis_connections=len(redis().client_list()),
        redis_commands_a_second=round(commands / seconds),
    )


def _save(connection_id: int) -> int:
    """A new invoice for one of the company's customers, as the form does it; returns its id."""
    connection = db.session.get_one(Connection, connection_id)
    customers = select(SyncTask.record_id).filter_by(connection_id=connection_id, kind=RecordKind.CUSTOMER)
    customer_id = random.choice(db.session.scalars(customers).all())
    return saving.new(connection.company_id, customer_id)


def _compare(connection_ids: list[int]) -> None:
    """Again as soon as the last run has ended. Commits."""
    for connection_id in connection_ids:
        runs.start(db.session.get_one(Connection, connection_id))


def _delays(saves: list[tuple[int, datetime]]) -> list[float | None]:
    """Seconds from each save to its link; None for what QuickBooks does not have after so long a wait."""
    saved = dict(saves)
    links = select(RemoteLink.record_id, RemoteLink.linked_at).where(
        RemoteLink.kind == RecordKind.INVOICE, RemoteLink.record_id.in_(saved)
    )

    def there() -> dict[int, datetime]:
        db.session.rollback()
        return {row.record_id: row.linked_at for row in db.session.execute(links)}

    deadline = time.monotonic() + PATIENCE
    while len(there()) < len(saved) and time.monotonic() < deadline:
        time.sleep(0.5)
    linked = there()
    return [(linked[id_] - at).total_seconds() if id_ in linked else None for id_, at in saves]


def _waiting() -> int:
    db.session.rollback()
    done = (TaskState.SYNCED, TaskState.ERROR)
    return db.session.query(SyncTask).filter(SyncTask.state.not_in(done)).count()


def _sent(connection_ids: list[int]) -> int:
    db.session.rollback()
    synced = and_(SyncTask.connection_id.in_(connection_ids), SyncTask.state == TaskState.SYNCED)
    return db.session.query(SyncTask).filter(synced).count()


def _connections() -> int:
    """Of all programs to PostgreSQL, without this one's."""
    counted = text("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
    count = db.session.scalar(counted)
    db.session.rollback()
    return count - 1


def _commands() -> int:
    return redis().info("stats")["total_commands_processed"]


def _cpu(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


def _throttled(stack: Stack) -> dict[str, int]:
    """How often each limit refused a call."""
    calls = control(stack, "GET", "calls")
    return dict(Counter(call["limit"] for call in calls if call["limit"]))


def _found(stack: Stack, name: str) -> str:
    return control(stack, "POST", "companies", name=name)["realm"]


if __name__ == "__main__":
    main()
