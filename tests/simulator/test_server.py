"""The program and its HTTP server: options, connections that stay open, bodies in chunks."""

import http.client
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from tests.realms import US
from tests.simulator.connected import Connected, connect
from tests.simulator_process import ROOT, SimulatorProcess


@pytest.fixture
def connection(us: Connected) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(urlsplit(us.simulator.url).netloc)
    yield connection
    connection.close()


def headers(us: Connected) -> dict[str, str]:
    token = us.tokens["access_token"]
    kind = "application/json"
    return {"Authorization": f"Bearer {token}", "Accept": kind, "Content-Type": kind}


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


def test_a_taken_port_is_said_plainly(simulator: SimulatorProcess) -> None:
    port = str(urlsplit(simulator.url).port)
    client = ["--client-id", "a", "--client-secret", "b", "--redirect-uri", "http://localhost/"]
    command = [sys.executable, "-m", "simulator", "--port", port, *client]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"The simulator cannot listen on 127.0.0.1:{port}")


def test_a_disconnect_in_quickbooks_leads_to_the_app() -> None:
    there = "http://localhost/goodbye"
    with SimulatorProcess().start(options=("--disconnect-url", there)) as simulator:
        connect(simulator, US)
        page = f"{simulator.url}/companies/{US}/disconnect"
        answer = requests.post(page, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, there)


def test_it_listens_on_this_machine_only(simulator: SimulatorProcess) -> None:
    assert urlsplit(simulator.url).hostname == "127.0.0.1"
