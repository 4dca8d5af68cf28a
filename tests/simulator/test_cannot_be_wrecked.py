"""Whatever a control route or a connection is given: an answer, and everything goes on as before."""

import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.realms import US
from tests.simulator.connected import Connected, connect
from tests.simulator_process import SimulatorProcess

WRONG: list[tuple[str, Any]] = [
    *(("settings", {"time_scale": value}) for value in (0, -1, "fast", None, 1e300, True)),
    ("settings", {"limits": "yes"}),
    ("settings", {"latency_ms": -1}),
    ("settings", {"latency_ms": 5, "item_latency_ms": "slow"}),
    ("settings", {"throttle_format": "yaml"}),
    ("settings", {"retry_after": "soon"}),
    ("settings", {"stale_refresh_tolerance": 1.5}),
    ("settings", {"nothing": 1}),
    ("settings", [1]),
    ("scripts", {"effect": "status", "times": "twice"}),
    ("scripts", {"effect": "status", "times": 0}),
    ("scripts", {"effect": "status", "status": 99}),
    ("scripts", {"effect": ["status"]}),
    ("scripts", {"effect": "latency", "seconds": "long"}),
    ("scripts", {"effect": "latency", "seconds": -1}),
    ("scripts", {"effect": "status", "probability": 2}),
    ("scripts", {"effect": "fault", "code": {"x": 1}}),
    ("scripts", {}),
    ("clock", {"advance_seconds": "tomorrow"}),
    ("clock", {"advance_seconds": 1e300}),
    ("clock", {"advance_seconds": -5}),
    ("clock", {"hours": 5}),
    ("tokens", {"action": ["revoke"]}),
    ("tokens", {"action": "forget"}),
    ("tokens", {"action": "revoke", "realm": 5}),
    *[
        ("scripts", {"effect": effect, "operation": operation})
        for effect in ("cut_after", "garbled", "html", "status", "xml_fault", "fault_in_200", "lag")
        for operation in ("item:invoice.create", "item:write")
    ],
    ("companies", {}),
    ("companies", {"name": 5}),
    ("companies", {"name": "Nova", "country": "FR"}),
    (f"companies/{US}", {"book_close_date": "yesterday"}),
    (f"companies/{US}", {"book_close_date": 20261231}),
    (f"companies/{US}", {"suspended": True, "plan": "Deluxe"}),
    (f"companies/{US}", {"suspended": "no"}),
    (f"companies/{US}", {"longest_display_name": "long"}),
    (f"companies/{US}", {"preferences": None}),
    (f"companies/{US}", {"preferences": {"TaxPrefs": None}}),
    (f"companies/{US}", {"preferences": {"TaxPrefs": {"UsingSalesTax": "maybe"}}}),
    (f"companies/{US}", {"preferences": {"SalesFormsPrefs": {"DefaultTerms": "3"}}}),
    (f"companies/{US}", {"preferences": {"NoSuchPrefs": {}}}),
    (f"companies/{US}", {"preferences": {"TaxPrefs": {"Nothing": True}}, "suspended": True}),
]


def everything(simulator: SimulatorProcess) -> Any:
    rooms = ("settings", "scripts", "companies", f"books/{US}")
    return [simulator.control("GET", room) for room in rooms]


@pytest.mark.parametrize(("path", "sent"), WRONG)
def test_a_wrong_order_is_a_400_and_changes_nothing(us: Connected, path: str, sent: Any) -> None:
    before = everything(us.simulator)
    answer = requests.post(f"{us.simulator.url}/_simulator/{path}", json=sent)

    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]
    assert everything(us.simulator) == before
    us.customer()  # and it still works


@pytest.mark.parametrize("body", [b"{not json", b'"text"', b"[" * 1000 + b"]" * 1000, b"\xff"])
def test_an_order_that_is_no_json_is_a_400(simulator: SimulatorProcess, body: bytes) -> None:
    answer = requests.post(f"{simulator.url}/_simulator/settings", data=body)
    assert answer.status_code == 400, answer.text


def test_the_clock_has_an_end(simulator: SimulatorProcess) -> None:
    leap = {"advance_seconds": 20 * 365 * 24 * 3600}
    url = f"{simulator.url}/_simulator/clock"
    assert 400 in [requests.post(url, json=leap).status_code for _ in range(400)]
    assert connect(simulator, US).customer()


def test_a_bookkeeper_pays_with_money_only(us: Connected) -> None:
    invoice = us.invoice(us.customer())
    url = f"{us.simulator.url}/_simulator/companies/{us.realm}/invoice/{invoice['Id']}/pay"
    for amount in ("much", "NaN", {"x": 1}, 1e300):
        assert requests.post(url, json={"amount": amount}).status_code == 400


@pytest.mark.parametrize("depth", [40, 60, 1000, 100_000])
def test_deep_json_is_refused(us: Connected, depth: int) -> None:
    body = '{"Line":' + "[" * depth + "]" * depth + "}"
    answer = us.call("POST", "invoice", data=body.encode())
    assert answer.status_code == 400
    assert answer.json()["Fault"]["Error"][0]["code"] == "2010"
    assert us.simulator.calls(us.realm)[-1]["status"] == 400


def test_half_of_a_letter_is_no_text(us: Connected) -> None:
    answer = us.call("POST", "customer", data=b'{"DisplayName": "\\ud800"}')
    assert answer.json()["Fault"]["Error"][0]["code"] == "2040"


@pytest.fixture(scope="module")
def impatient() -> Iterator[SimulatorProcess]:
    with SimulatorProcess().start(options=("--body-timeout", "0.3")) as simulator:
        yield simulator


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"Content-Length: much\r\n\r\n", b"400"),
        (b"Content-Length: -5\r\n\r\n", b"400"),
        (b"Content-Length: 99999999999999999999\r\n\r\n", b"413"),
        (b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", b"400"),
        (b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", b"400"),
        (b"Transfer-Encoding: chunked\r\n\r\n-5\r\n", b"400"),
        (b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}\r\n0\r\n\r\n", b"400"),
        (b"Transfer-Encoding: gzip\r\n\r\n", b"501"),
        (b"Content-Length: 10\r\n\r\n{}", b"408"),
        (b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}", b"408"),
        (b"Transfer-Encoding: chunked\r\n\r\n", b"408"),
    ],
)
def test_broken_requests_are_answered(impatient: SimulatorProcess, request_: bytes, status: bytes) -> None:
    start = f"POST /v3/company/{US}/customer HTTP/1.1\r\nHost: x\r\n".encode()
    address = urlsplit(impatient.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
        connection.sendall(start + request_)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    assert answer.split(b" ", 2)[1] == status
    assert b"Traceback" not in answer
    assert requests.get(f"{impatient.url}/_simulator/settings").ok


def test_who_leaves_in_the_middle_of_a_body_has_asked_for_nothing(impatient: SimulatorProcess) -> None:
    impatient.reset()
    us = connect(impatient, US)
    head = f"POST /v3/company/{US}/customer HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    head += f"Authorization: Bearer {us.tokens['access_token']}\r\nContent-Length: 50\r\n\r\n"
    address = urlsplit(impatient.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
        connection.sendall(head.encode() + b'{"DisplayName": "x"}')
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1000) == b""
    assert impatient.books(US)["Customer"] == []
