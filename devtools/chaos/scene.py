"""Everything that is broken: real processes, servers, a QuickBooks, and the companies connected to it."""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app import create_app
from app.config import from_environment
from app.demo.company import open_company
from app.extensions import db
from app.quickbooks.models import Connection
from devtools.chaos import hurry
from devtools.chaos.nursery import Nursery
from devtools.chaos.owner import PASSWORD, Owner
from devtools.chaos.quickbooks import QuickBooks
from devtools.chaos.servers import Servers
from devtools.stack import Process, Stack, bare, migrate

WORKERS = 3


@dataclass(frozen=True)
class Tenant:
    """A company of ours, its owner, and its QuickBooks company."""

    company_id: int
    realm: str
    owner: Owner


@dataclass
class Scene:
    stack: Stack
    servers: Servers
    app: Flask
    quickbooks: QuickBooks
    nursery: Nursery
    sabotage: str | None
    tenants: list[Tenant] = field(default_factory=list)
    _leaving: list[Process] = field(default_factory=list)
    _hired: int = 0

    @property
    def workers(self) -> list[str]:
        return [name for name in self.stack.processes if name.startswith("worker")]

    def start_worker(self) -> None:
        self._hired += 1
        options = ("--break", self.sabotage) if self.sabotage else ()
        self._start(f"worker-{self._hired}", "worker", *options)

    def _start(self, name: str, program: str, *options: str) -> None:
        log, environment = self.stack.folder / f"{name}.log", self.stack.environment
        self.stack.processes[name] = self.nursery.start(program, *options, log=log, environment=environment)

    def sender(self, tenants: list[Tenant]) -> str | None:
        """The worker that holds a lane of these companies, if any does."""
        pids = {process.pid: name for name, process in self.stack.processes.items()}
        look_anew()
        owners = [connection_of(tenant).lease_owner for tenant in tenants]
        held = (pids.get(int(owner.split(":")[1])) for owner in owners if owner)
        return next((name for name in held if name in self.workers), None)

    def kill_worker(self, name: str) -> None:
        """Without a word, and a new one starts at once."""
        self.stack.kill(name)
        self.start_worker()

    def deploy_worker(self, name: str) -> None:
        """It may finish what it does while the new one works already."""
        process = self.stack.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        self._leaving = [other for other in self._leaving if other.poll() is None] + [process]
        self.start_worker()

    def freeze_worker(self, name: str) -> None:
        self.stack.processes[name].send_signal(signal.SIGSTOP)

    def set_own_clock(self, seconds: float) -> None:
        """What is started from now on runs on a machine whose clock is off by so many real seconds."""
        self.stack.environment[hurry.CLOCK_OFF] = str(seconds)

    def thaw_workers(self) -> None:
        for name in self.workers:
            self.stack.processes[name].send_signal(signal.SIGCONT)

    def kill_everything(self) -> None:
        """Of the product: web and workers."""
        for name in self.workers:
            self.stack.kill(name)
        for process in self._leaving:
            process.kill()
            process.wait()
        self._kill_web()

    def start_everything(self) -> None:
        self.start_web()
        for _ in range(WORKERS):
            self.start_worker()
        self.stack.wait_until_up()

    def restart_web(self) -> None:
        self._kill_web()
        self.start_web()

    def _kill_web(self) -> None:
        """Its own workers too: one that outlives gunicorn's master keeps the port."""
        handlers = psutil.Process(self.stack.processes["web"].pid).children(recursive=True)
        self.stack.kill("web")
        for handler in handlers:
            with suppress(psutil.NoSuchProcess):
                handler.kill()

    def start_web(self) -> None:
        bind = f"127.0.0.1:{self.stack.web_port}"
        options = ("--worker-class", "gthread", "--threads", "8", "--graceful-timeout", "5")
        self._start("web", "web", "devtools.chaos.programs:web()", "--bind", bind, *options)

    def open_company(self, number: int) -> None:
        """A company of ours, connected to one of its own in QuickBooks. Every other one lets numbers repeat."""
        realm = self.quickbooks.found_company(f"Realm {number}", warn_duplicate_numbers=number % 2 == 0)
        email = f"owner{number}@example.com"
        with self.app.app_context():
            company_id = open_company(f"Company {number}", email, PASSWORD).id
        owner = Owner(self.stack.web_url, email, realm)
        owner.sign_in()
        owner.connect()
        self.tenants.append(Tenant(company_id, realm, owner))
        with self.app.app_context():
            connection_of(self.tenants[-1]).preferences.sync_payments = True
            db.session.commit()

    def leave(self) -> None:
        self.thaw_workers()
        self.stack.stop()
        for process in self._leaving:
            process.kill()
            process.wait()


def look_anew() -> None:
    """Nothing that was read before is believed; a database that went away meanwhile is met again."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session().invalidate()


def connection_of(tenant: Tenant) -> Connection:
    rows = select(Connection).filter_by(company_id=tenant.company_id, realm_id=tenant.realm)
    return db.session.scalars(rows.execution_options(populate_existing=True)).one()


@contextmanager
def running(companies: int, scale: int, sabotage: str | None = None) -> Iterator[Scene]:
    """Up, migrated and connected, in a folder that is thrown away."""
    with ExitStack() as resources:
        folder = Path(resources.enter_context(tempfile.TemporaryDirectory(prefix="fsm-navigator-")))
        servers = Servers(folder, resources)
        own = hurry.settings(scale) | {"RATELIMIT_ENABLED": "0"}
        stack = bare(folder, servers.database_url, servers.redis_url, None, **own)
        migrate(stack)
        app = hurry.hurry(create_app(from_environment(stack.environment)), stack.environment)
        nursery = resources.enter_context(closing(Nursery()))
        scene = Scene(stack, servers, app, QuickBooks(stack.simulator_url), nursery, sabotage)
        resources.callback(scene.leave)
        _start(scene, companies, scale)
        yield scene


def _start(scene: Scene, companies: int, scale: int) -> None:
    scene.stack.start_simulator("--no-limits")
    scene.start_web()
    for _ in range(WORKERS):
        scene.start_worker()
    scene.stack.wait_until_up()
    scene.quickbooks.hurry(scale)
    for number in range(1, companies + 1):
        scene.open_company(number)
