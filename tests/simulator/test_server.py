"""The program and its HTTP server: options, connections that stay open, bodies in chunks."""

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.simulator.connected import Connected
from tests.simulator_process import SimulatorProcess


@pytest.fixture
def connection(us: Connected) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(urlsplit(us.simulator.url).netloc)
    yield connection
    connection.close()


def headers(us: Connected) -> dict[str, str]:
    return {"Authorization": f"Bearer {us.tokens['access_token']}", "Accept": "application/json"}


def test_one_connection_carries_many_calls(us: Connected, connection: http.client.HTTPConnection) -> None:
    connection.connect()
    socket = connection.sock
    for _ in range(3):
        connection.request("GET", f"/v3/company/{us.realm}/preferences", headers=headers(us))
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
        assert connection.sock is socket


def test_a_body_may_come_in_chunks(us: Connected, connection: http.client.HTTPConnection) -> None:
    path = f"/v3/company/{us.realm}/customer"
    body = iter([b'{"Display', b'Name": "Chunky"}'])
    connection.request("POST", path, body, headers(us), encode_chunked=True)
    assert connection.getresponse().status == 200
    assert us.simulator.books(us.realm)["Customer"][0]["DisplayName"] == "Chunky"


def test_options_of_the_program() -> None:
    with SimulatorProcess().start(limits=True, options=("--latency", "1")) as simulator:
        settings = simulator.control("GET", "settings")
        assert settings["limits"] is True
        assert settings["latency_ms"] == 1
        simulator.settings(limits=False)
        simulator.reset()
        assert simulator.control("GET", "settings")["limits"] is True


def test_it_listens_on_this_machine_only(simulator: SimulatorProcess) -> None:
    assert urlsplit(simulator.url).hostname == "127.0.0.1"
