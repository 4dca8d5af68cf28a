"""What companies cost that do nothing: the share of a core that the worker and PostgreSQL take for them.

The worker is the one of the Procfile: its schedule looks for work all the time.

Run: python -m bench.idle [--companies N] [--rows N] [--seconds N]
"""

import argparse
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psutil

from app import create_app
from app.config import from_environment
from app.extensions import BULK, SLOW, SOON, db, queue
from app.schedule.chores import do_due
from bench.measuring import report, statements
from devtools.filled import fill_with_others, settle_down
from devtools.servers import postgres, redis_server
from devtools.stack import bare, migrate
from devtools.waiting import wait_until
from worker import CHORES

GOAL = 1.0
SETTLE_SECONDS = 20  # the first round of all chores, and of the connections


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=100, help="invoices of each that are in QuickBooks")
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fsm-bench-") as name:
        folder = Path(name)
        with postgres(folder / "postgres") as database, redis_server(folder / "redis") as redis:
            stack = bare(folder, database, redis)
            migrate(stack)
            with create_app(from_environment(stack.environment)).app_context():
                fill_with_others(options.companies, options.rows, troubled=0)
                settle_down()
                do_due(CHORES)  # what is done once a day is done ...
                settle_down()  # ... and counted
                counted = round_of_chores()
                db.session.remove()
                stack.start_worker()
                wait_until(
                    lambda: not any(queue(name).count for name in (SOON, BULK, SLOW)),
                    "no job waits",
                    seconds=300,
                )
                try:
                    result = watched(stack.processes["worker"].pid, folder, options.seconds)
                finally:
                    stack.stop()
    percent = round(result["worker"] + result["postgresql"] + result["redis"], 2)
    report(
        f"| {options.companies:,} connected idle companies | {percent} % of a core "
        f"(worker {result['worker']}, PostgreSQL {result['postgresql']}, Redis {result['redis']}); "
        f"{counted} statements a round; worker {result['megabytes']} MB | ≤ {GOAL} % |",
        {"companies": options.companies, "percent_of_a_core": percent, "statements": counted, **result},
    )
    raise SystemExit(percent > GOAL)


def round_of_chores() -> int:
    """All chores that are done more than once an hour; how many statements that takes."""
    with statements() as issued:
        for chore in CHORES:
            if chore.every < timedelta(hours=1):
                chore.work()
    db.session.rollback()
    return len(issued)


def watched(worker_pid: int, folder: Path, seconds: float) -> dict[str, float]:
    """Percent of a core each meanwhile, and the worker's memory in MB."""
    time.sleep(SETTLE_SECONDS)
    worker = psutil.Process(worker_pid)
    programs = {
        "worker": [worker],
        "postgresql": _servers("postgres", folder),
        "redis": _servers("redis-server", folder),
    }
    before = {name: _cpu(processes) for name, processes in programs.items()}
    time.sleep(seconds)
    programs["postgresql"] = _servers("postgres", folder)
    percent = {
        name: round((_cpu(processes) - before[name]) * 100 / seconds, 2)
        for name, processes in programs.items()
    }
    return {**percent, "megabytes": round(worker.memory_info().rss / 1e6)}


def _servers(name: str, folder: Path) -> list[psutil.Process]:
    """A server that was started in this folder, and its children."""
    return [
        process
        for process in psutil.process_iter(["name", "cmdline", "cwd"])
        if process.info["name"].startswith(name) and _belongs(process, folder)
    ]


def _belongs(process: psutil.Process, folder: Path) -> bool:
    return str(folder) in f"{process.info['cwd']} {' '.join(process.info['cmdline'] or ())}"


def _cpu(processes: list[psutil.Process]) -> float:
    """Seconds that they have used, and their children that ended meanwhile (PostgreSQL's autovacuum)."""
    used = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            used += sum(process.cpu_times()[:4])
    return used


if __name__ == "__main__":
    main()
