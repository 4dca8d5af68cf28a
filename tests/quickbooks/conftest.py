"""What the integration's tests share: a stand-in QuickBooks over HTTP, and a company connected to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask, current_app
from redis import Redis
from sqlalchemy import event

from app.extensions import db, redis
from app.job_threads import rq_worker
from app.quickbooks import orders
from app.quickbooks.account import company
from app.quickbooks.api import oauth
from app.quickbooks.api.client import Client
from app.quickbooks.api.pace import BATCHES, PREFIX, Pace
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds import Record
from app.quickbooks.lane import draining
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.models import Connection, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.tie_out import runs
from app.quickbooks.tie_out.models import TieOut
from tests.people import Actor
from tests.quickbooks import builders
from tests.quickbooks.checkpoint import Checkpoint
from tests.quickbooks.consent import consent
from tests.realms import US
from tests.simulator_process import SimulatorProcess

SERVER_LIMIT = 130  # seconds after which QuickBooks can no longer be working on a request


@pytest.fixture(scope="session")
def simulator_process(settings: dict[str, str]) -> Iterator[SimulatorProcess]:
    process = SimulatorProcess()
    process.start(redirect_uri=settings["QUICKBOOKS_REDIRECT_URI"])
    with process:
        yield process


@pytest.fixture(scope="session")
def unhurried_pace(redis_url: str) -> Pace:
    """Counts requests as ever, but the next turn comes at once: the wait is the story of api/test_pace.py."""
    client = Redis.from_url(redis_url)
    counted = (f"{PREFIX}*", f"*/{BATCHES.amount}/{BATCHES.multiples}/*")

    def come_at_once(_: float) -> None:
        for key in (key for pattern in counted for key in client.scan_iter(pattern)):
            client.delete(key)

    return Pace(redis_url, sleep=come_at_once)


@pytest.fixture
def simulator(
    simulator_process: SimulatorProcess, app: Flask, unhurried_pace: Pace, monkeypatch: pytest.MonkeyPatch
) -> SimulatorProcess:
    """A fresh QuickBooks, and the app pointed at it by settings; it keeps no limits, so nobody waits for a turn."""
    monkeypatch.setitem(app.extensions, "quickbooks_pace", unhurried_pace)
    simulator_process.reset()
    url = simulator_process.url
    app.config.update(
        QUICKBOOKS_API_URL=url,
        QUICKBOOKS_AUTHORIZE_URL=f"{url}/connect/oauth2",
        QUICKBOOKS_TOKEN_URL=f"{url}/oauth2/v1/tokens/bearer",
        QUICKBOOKS_REVOKE_URL=f"{url}/v2/oauth2/tokens/revoke",
    )
    return simulator_process


@dataclass
class QuickBooks:
    """A company's QuickBooks as its owner deals with it; `books` is what is in it."""

    simulator: SimulatorProcess
    owner: Actor
    realm: str

    @property
    def connection(self) -> Connection:
        return (
            db.session.query(Connection)
            .filter_by(realm_id=self.realm, company_id=self.owner.company_id)
            .one()
        )

    def connect(self) -> Connection:
        """What the way back from Intuit's pages does, without the pages; the company is read, too."""
        tokens = oauth.exchange_code(
            oauth.OAuthSettings.from_config(current_app.config), self.simulator.consent(self.realm)
        )
        connection = orders.connect(self.owner.company_id, self.realm, tokens)
        db.session.expire_all()
        return connection

    def walk_through_consent(self) -> Connection:
        """Through the app's own routes and the simulator's pages, as the Owner does."""
        authorize = self.owner.get("/settings/integrations/quickbooks/connect").headers["Location"]
        back = consent(authorize, self.realm)
        answer = self.owner.get(back.split("localhost", 1)[1])
        assert answer.headers["Location"].endswith("/connected"), answer.headers["Location"]
        return self.connection

    def disconnect(self) -> None:
        self.owner.post("/settings/integrations/quickbooks/disconnect")

    def drain(self) -> None:
        """What a worker does when it is nudged, until nothing is due."""
        draining.drain(self.connection.id, go_on=lambda: True)
        db.session.rollback()

    def books(self, entity: str) -> list[dict]:
        return self.simulator.books(self.realm).get(entity, [])

    def invoice(self, number: str) -> dict:
        """The invoice of that number in QuickBooks."""
        (found,) = [bill for bill in self.books("Invoice") if bill["DocNumber"] == number]
        return found

    def switch_payments(self, on: bool = True) -> None:
        """As the Owner does in Sync Preferences."""
        form = {"sync_customers": "y", "sync_invoices": "y"} | ({"sync_payments": "y"} if on else {})
        chosen = self.connection.preferences
        form |= {
            "income_account_id": chosen.income_account_id,
            "deposit_account_id": chosen.deposit_account_id,
        }
        answer = self.owner.post("/settings/integrations/quickbooks/preferences", form)
        assert answer.status_code == 303, answer.text

    def row(self, record: Record) -> SyncTask | None:
        """The record's outbox row, as it is now."""
        db.session.expire_all()
        return builders.task_of(self.connection, record)

    def remote_id(self, record: Record) -> str:
        """Of the record in QuickBooks that ours is linked to."""
        db.session.expire_all()
        kind = RecordKind(type(record).__name__.lower())
        link = db.session.query(RemoteLink).filter_by(kind=kind, record_id=record.id)
        return link.filter_by(connection_id=self.connection.id).one().remote_id

    def in_order(self, *records: Record) -> None:
        for record in records:
            task = self.row(record)
            assert task.state is TaskState.SYNCED, task.message

    def do(self, entity: str, remote_id: str, action: str, **fields) -> None:
        """What a bookkeeper does in QuickBooks itself."""
        self.simulator.bookkeeper(self.realm, entity, remote_id, action, **fields)

    def script(self, effect: str, **details) -> None:
        self.simulator.script(effect=effect, realm=self.realm, **details)


@pytest.fixture
def quickbooks_of(simulator: SimulatorProcess) -> Callable[..., QuickBooks]:
    def make(owner: Actor, realm: str = US) -> QuickBooks:
        return QuickBooks(simulator, owner, realm)

    return make


@pytest.fixture(scope="session")
def facts_of_the_seed() -> Callable[..., CompanyFacts]:
    """In place of company.read, for the US company as it is seeded: asks once, and never again in this run."""
    read, known = company.read, []

    def read_once(client: Client, company_info: RemoteRecord) -> CompanyFacts:
        if not known:
            known.append(read(client, company_info))
        return known[0]

    return read_once


@pytest.fixture
def quickbooks(
    quickbooks_of: Callable[..., QuickBooks],
    owner: Actor,
    facts_of_the_seed: Callable[..., CompanyFacts],
    monkeypatch: pytest.MonkeyPatch,
) -> QuickBooks:
    """Harbor Heating, connected to an empty US company.

    The simulator was reset a moment ago: its company answers the same in every test, so only the first one asks for
    its settings. Who wants another company, or to see it asked, connects by `quickbooks_of`.
    """
    books = quickbooks_of(owner)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(company, "read", facts_of_the_seed)
        books.connect()
    return books


@pytest.fixture(scope="session")
def kept_checkpoints() -> dict:
    return {}


@pytest.fixture
def checkpoint(simulator: SimulatorProcess, kept_checkpoints: dict) -> Checkpoint:
    return Checkpoint(simulator, kept_checkpoints)


@pytest.fixture
def work(app: Flask) -> Callable[[], None]:
    """A real worker takes what is queued, until nothing is."""

    def burst() -> None:
        rq_worker(app).work(burst=True, logging_level="ERROR")
        db.session.rollback()

    return burst


@pytest.fixture
def tie_out(quickbooks: QuickBooks, work: Callable[[], None]) -> Callable[[], TieOut]:
    """Compare the books as the button does, and nothing else; returns the run as it ended."""

    def compared() -> TieOut:
        redis().flushall()  # the nudges of what a test drains by hand, or does not
        run = runs.start(quickbooks.connection)
        work()
        db.session.refresh(run)
        return run

    return compared


@dataclass
class Counter:
    count: int = 0
    transactions: int = 0


@pytest.fixture
def count_queries(app: Flask) -> Callable:
    @contextmanager
    def counting() -> Iterator[Counter]:
        counter = Counter()

        def note(*_: object) -> None:
            counter.count += 1

        def note_begin(*_: object) -> None:
            counter.transactions += 1

        listened = (("before_cursor_execute", note), ("begin", note_begin))
        for name, listener in listened:
            event.listen(db.engine, name, listener)
        try:
            yield counter
        finally:
            for name, listener in listened:
                event.remove(db.engine, name, listener)

    return counting
