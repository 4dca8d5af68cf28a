"""Webhooks as CloudEvents (contract section 6), received by a small server of this test."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import requests

from devtools.waiting import wait_until
from simulator import exact_json
from simulator.webhooks.schedule import delays
from tests.realms import UK, US
from tests.simulator.connected import Connected, connect
from tests.simulator_process import SimulatorProcess

TOKEN = "a-verifier-token"


class Receiver(ThreadingHTTPServer):
    """Keeps what arrives, with its headers, and answers the next of `statuses`, else 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.arrived: list[tuple[bytes, Any]] = []
        self.statuses: list[int] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/webhook"

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for body, _ in list(self.arrived) for event in exact_json.loads(body)]

    def forget(self) -> None:
        self.arrived, self.statuses = [], []


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.arrived.append((body, self.headers))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def listening() -> Iterator[Receiver]:
    with Receiver() as receiver:
        Thread(target=receiver.serve_forever, daemon=True).start()
        yield receiver
        receiver.shutdown()


@pytest.fixture(scope="module")
def telling(listening: Receiver) -> Iterator[SimulatorProcess]:
    options = ("--webhook-url", listening.address, "--webhook-token", TOKEN)
    with SimulatorProcess().start(options=options) as simulator:
        yield simulator


@pytest.fixture
def receiver(listening: Receiver, telling: SimulatorProcess) -> Receiver:
    telling.reset()
    listening.forget()
    return listening


@pytest.fixture
def us(telling: SimulatorProcess, receiver: Receiver) -> Connected:
    return connect(telling, US)


def settled(simulator: SimulatorProcess) -> dict[str, Any]:
    """The report, once every event is acknowledged."""
    wait_until(lambda: simulator.control("GET", "webhooks")["open"] == 0, "every event is acknowledged")
    return simulator.control("GET", "webhooks")


def operations(receiver: Receiver) -> list[str]:
    return [event["type"].removeprefix("qbo.").removesuffix(".v1") for event in receiver.events]


def test_a_change_is_told_signed(us: Connected, receiver: Receiver) -> None:
    customer = us.customer()
    settled(us.simulator)

    body, headers = receiver.arrived[0]
    expected = base64.b64encode(hmac.digest(TOKEN.encode(), body, hashlib.sha256)).decode()
    assert headers["intuit-signature"] == expected
    assert headers["intuit-t-id"]
    (event,) = receiver.events
    assert event["type"] == "qbo.customer.created.v1"
    assert (event["intuitentityid"], event["intuitaccountid"]) == (customer["Id"], US)
    assert (event["specversion"], event["datacontenttype"]) == ("1.0", "application/json")
    assert event["data"] == {}


def test_what_anybody_does_is_told(us: Connected, receiver: Receiver) -> None:
    customer = us.customer(PrimaryEmailAddr={"Address": "amy@harbor.example"})
    invoice = us.invoice(customer, BillEmail={"Address": "amy@harbor.example"})
    us.post(f"invoice/{invoice['Id']}/send", None)
    us.simulator.bookkeeper(US, "Customer", customer["Id"], "edit", Notes="x")
    us.simulator.bookkeeper(US, "Invoice", invoice["Id"], "void")
    us.simulator.bookkeeper(US, "Invoice", invoice["Id"], "delete")
    paid = us.invoice(customer)
    us.simulator.bookkeeper(US, "Invoice", paid["Id"], "pay")
    us.simulator.company(US, book_close_date="2025-12-31")
    settled(us.simulator)

    told = operations(receiver)
    assert told[:6] == [
        "customer.created",
        "invoice.created",
        "invoice.emailed",
        "customer.updated",
        "invoice.voided",
        "invoice.deleted",
    ]
    assert sorted(told[6:]) == [
        "invoice.created",
        "invoice.updated",
        "payment.created",
        "preferences.updated",
    ]


def test_companies_that_are_not_connected_are_not_told_of(us: Connected, receiver: Receiver) -> None:
    vendor = us.simulator.books(UK)["Vendor"][0]
    us.simulator.bookkeeper(UK, "Vendor", vendor["Id"], "edit", Title="Dr")
    us.customer()
    settled(us.simulator)
    assert operations(receiver) == ["customer.created"]


def test_retries_follow_the_published_times(us: Connected, receiver: Receiver) -> None:
    """Later events wait for the first; moving the clock is enough, nothing is waited for."""
    receiver.statuses = [500, 302, 404]
    us.customer("First")
    wait_until(lambda: len(receiver.arrived) == 1, "the first try")
    us.customer("Second")
    for tries, delay in enumerate((10, 20, 30), start=2):
        us.simulator.control("POST", "clock", {"advance_seconds": delay - 5})
        assert len(receiver.arrived) == tries - 1
        us.simulator.control("POST", "clock", {"advance_seconds": 5})
        wait_until(lambda tries=tries: len(receiver.arrived) >= tries, "the next try")
    told = settled(us.simulator)["deliveries"]

    assert [(entry["attempt"], entry["status"]) for entry in told] == [
        (1, 500),
        (2, 302),
        (3, 404),
        (4, 200),
        (1, 200),
    ]
    assert len({event["id"] for event in receiver.events}) == 2


def test_the_times_go_on_every_six_hours() -> None:
    times = delays()
    assert [next(times) for _ in range(10)] == [10, 20, 30, 300, 1200, 7200, 14400, *[21600] * 3]


def test_duplicates_on_demand(us: Connected, receiver: Receiver) -> None:
    us.simulator.settings(webhook_duplicates=True)
    us.customer()
    settled(us.simulator)
    first, second = receiver.events
    assert first == second


def test_disorder_on_demand(us: Connected, receiver: Receiver) -> None:
    us.simulator.settings(webhook_hold=True)
    for name in ("First", "Second", "Third"):
        us.customer(name)
    assert us.simulator.control("GET", "webhooks")["open"] == 3
    assert receiver.arrived == []
    us.simulator.settings(webhook_hold=False, webhook_disorder=True)
    settled(us.simulator)
    ids = [int(event["intuitentityid"]) for event in receiver.events]
    assert ids == sorted(ids, reverse=True)
    assert len(receiver.arrived) == 3


def test_without_an_address_nothing_is_kept(simulator: SimulatorProcess) -> None:
    connect(simulator, US).customer()
    assert simulator.control("GET", "webhooks") == {"address": None, "open": 0, "deliveries": []}


def test_several_addresses_may_be_registered() -> None:
    options = ("--redirect-uri", "http://localhost/other")
    with SimulatorProcess().start(options=options) as simulator:
        for there, status in (("callback", 200), ("other", 200), ("third", 400)):
            asked = {
                "client_id": "test-client",
                "redirect_uri": f"http://localhost/{there}",
                "response_type": "code",
                "scope": "com.intuit.quickbooks.accounting",
                "state": "x",
            }
            assert requests.get(f"{simulator.url}/connect/oauth2", params=asked).status_code == status
