"""The whole product as processes of their own: PostgreSQL, Redis, web, worker and the stand-in QuickBooks."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

import requests
from flask_migrate import upgrade

from devtools.environment import CLIENT_ID, CLIENT_SECRET, development_settings, redirect_uri
from devtools.mail.catcher import Catcher, listening
from devtools.servers import free_port, postgres, redis_server
from devtools.waiting import wait_until

ROOT = Path(__file__).parent.parent

WEBHOOKS = "/integrations/quickbooks/webhooks"


class Process(Protocol):
    """What of subprocess.Popen is used; the chaos bench has processes of another kind."""

    pid: int

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int, /) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


@dataclass
class Stack:
    """Where everything is; processes are started and stopped by name."""

    folder: Path
    environment: dict[str, str]
    web_port: int
    simulator_port: int
    mailbox: Catcher | None = None
    processes: dict[str, Process] = field(default_factory=dict)

    @property
    def web_url(self) -> str:
        return f"http://localhost:{self.web_port}"

    @property
    def simulator_url(self) -> str:
        return f"http://localhost:{self.simulator_port}"

    def start(self, name: str, *command: str) -> None:
        """What it prints goes into a file of its name."""
        log = (self.folder / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=self.environment, stdout=log, stderr=log
        )
        log.close()

    def start_web(self) -> None:
        bind = f"127.0.0.1:{self.web_port}"
        options = ["--worker-class", "gthread", "--threads", "8", "--timeout", "120"]
        self.start("web", "-m", "gunicorn", "wsgi:app", "--bind", bind, *options)

    def start_worker(self, name: str = "worker") -> None:
        self.start(name, "worker.py")

    def start_simulator(self, *options: str) -> None:
        names = ["--client-id", CLIENT_ID, "--client-secret", CLIENT_SECRET]
        names += ["--redirect-uri", redirect_uri(self.web_port)]
        if token := self.environment.get("QUICKBOOKS_WEBHOOK_TOKEN"):
            names += ["--webhook-url", f"{self.web_url}{WEBHOOKS}", "--webhook-token", token]
        self.start("simulator", "-m", "simulator", "--port", str(self.simulator_port), *names, *options)

    def wait_until_up(self) -> None:
        for url in (f"{self.web_url}/sign-in", f"{self.simulator_url}/_simulator/companies"):
            wait_until(partial(_answers, url), f"{url} answers", seconds=60, every=0.1)

    def kill(self, name: str) -> None:
        """As a crash would: no chance to clean up."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def logs(self) -> str:
        return "\n".join(
            f"--- {path.name}\n{path.read_text(errors='replace')[-4000:]}"
            for path in sorted(self.folder.glob("*.log"))
        )


@contextmanager
def running(simulator_options: tuple[str, ...] = (), **settings: str) -> Iterator[Stack]:
    """Everything up and migrated, on free ports, in a folder that is thrown away."""
    with ExitStack() as resources:
        folder = Path(resources.enter_context(tempfile.TemporaryDirectory(prefix="fsm-navigator-")))
        mailbox = resources.enter_context(listening(free_port()))
        database_url = resources.enter_context(postgres(folder / "postgres", outlives_the_machine=False))
        redis_url = resources.enter_context(redis_server(folder / "redis"))
        stack = bare(folder, database_url, redis_url, smtp_port=mailbox.port, **settings)
        stack.mailbox = mailbox
        migrate(stack)
        resources.callback(stack.stop)
        stack.start_web()
        stack.start_worker()
        stack.start_simulator(*simulator_options)
        stack.wait_until_up()
        yield stack


def bare(
    folder: Path, database_url: str, redis_url: str, smtp_port: int | None = None, **settings: str
) -> Stack:
    """Ports and settings; nothing is started yet. Without an SMTP port no mail leaves."""
    web_port, simulator_port = free_port(), free_port()
    own = development_settings(database_url, redis_url, web_port, simulator_port, smtp_port)
    as_in_the_procfile = {"MALLOC_ARENA_MAX": "2"}
    environment = {**os.environ, **as_in_the_procfile, **own, **settings}
    return Stack(folder, environment, web_port, simulator_port)


def migrate(stack: Stack) -> None:
    from app import create_app
    from app.config import from_environment

    with create_app(from_environment(stack.environment)).app_context():
        upgrade(directory=str(ROOT / "migrations"))


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False
