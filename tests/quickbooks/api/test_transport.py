"""One request: what goes out, and what each kind of trouble on the way becomes."""

import logging
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import requests

from app.quickbooks.api.client import Client
from app.quickbooks.api.errors import OutcomeUnknown, Refused, Throttled, Unreachable
from app.quickbooks.api.transport import Transport

API = "https://quickbooks.example"
BASE = f"{API}/v3/company/42"


@pytest.fixture
def transport() -> Transport:
    return Transport(API, "42", "secret-token")


def test_what_every_request_carries(transport: Transport, requests_mock):
    requests_mock.get(f"{BASE}/invoice/1", text='{"Invoice": {}}', headers={"intuit_tid": "tid-9"})
    answer = transport.request("GET", "invoice/1")
    sent = requests_mock.last_request
    assert sent.headers["Authorization"] == "Bearer secret-token"
    assert sent.headers["Accept"] == "application/json"
    assert sent.qs == {"minorversion": ["75"]}
    assert (answer.data, answer.status, answer.intuit_tid) == ({"Invoice": {}}, 200, "tid-9")


def test_a_netrc_file_does_not_replace_the_token(transport: Transport, requests_mock, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine quickbooks.example login somebody password else")
    monkeypatch.setenv("NETRC", str(netrc))
    requests_mock.get(f"{BASE}/invoice/1", text="{}")
    transport.request("GET", "invoice/1")
    assert requests_mock.last_request.headers["Authorization"] == "Bearer secret-token"


def test_the_log_tells_what_happened_and_nothing_private(transport: Transport, requests_mock, caplog):
    requests_mock.post(f"{BASE}/customer", text="{}", headers={"intuit_tid": "tid-9"})
    with caplog.at_level(logging.DEBUG):
        transport.request("POST", "customer", body={"DisplayName": "Rivera HVAC"}, request_id="request-1")
    assert "POST customer 200" in caplog.text
    assert "tid-9" in caplog.text
    assert "secret-token" not in caplog.text
    assert "Rivera" not in caplog.text


def test_the_log_does_not_name_the_company(requests_mock, caplog):
    realm = "9130357992221046"
    answer = '{"CompanyInfo": {"Id": "1"}, "Invoice": {"Id": "7"}}'
    requests_mock.get(re.compile(f"{API}/v3/company/{realm}/"), text=answer)
    client = Client(Transport(API, realm, "secret-token"))
    with caplog.at_level(logging.INFO):
        client.company_info()
        client.read("Invoice", "7")
    assert "GET companyinfo/… 200" in caplog.text
    assert "GET invoice/7 200" in caplog.text
    assert realm not in caplog.text


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        ({"exc": requests.ReadTimeout}, OutcomeUnknown),
        ({"exc": requests.ConnectionError}, OutcomeUnknown),
        ({"exc": requests.exceptions.ChunkedEncodingError}, OutcomeUnknown),
        ({"exc": requests.ConnectTimeout}, Unreachable),
        ({"status_code": 502, "text": "<html>Bad Gateway</html>"}, OutcomeUnknown),
        ({"status_code": 200, "text": "<html>We'll be back soon</html>"}, OutcomeUnknown),
        ({"status_code": 200, "text": "[]"}, OutcomeUnknown),
        ({"status_code": 302, "text": "{}"}, OutcomeUnknown),
        ({"status_code": 404, "text": "no such page"}, Refused),
    ],
)
def test_trouble_on_the_way(transport: Transport, requests_mock, trouble: dict, kind: type):
    requests_mock.post(f"{BASE}/batch", **trouble)
    with pytest.raises(kind) as error:
        transport.request("POST", "batch", body={}, request_id="request-1")
    assert type(error.value) is kind
    assert "secret-token" not in str(error.value)


def test_nobody_listening_means_nothing_was_done():
    with pytest.raises(Unreachable):
        Transport("http://127.0.0.1:1", "42", "t").request("GET", "invoice/1")


@pytest.mark.parametrize(
    ("header", "seconds"), [({"Retry-After": "7"}, 7), ({}, None), ({"Retry-After": "soon"}, None)]
)
def test_a_throttle_says_how_long(transport: Transport, requests_mock, header: dict, seconds: int | None):
    requests_mock.get(f"{BASE}/invoice/1", status_code=429, text="slow down", headers=header)
    with pytest.raises(Throttled) as error:
        transport.request("GET", "invoice/1")
    assert error.value.retry_after == seconds


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A real port whose one connection is treated by `answer` after the request has arrived."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                answer(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join(timeout=5)


def hang_up(connection: socket.socket) -> None:
    """Closes without a word."""


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def cut(connection: socket.socket) -> None:
    """Less than was promised."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{")


@pytest.mark.parametrize("answer", [hang_up, reset, cut])
def test_a_connection_that_breaks_after_sending_leaves_doubt(answer: Callable[[socket.socket], None]):
    with listening(answer) as url, pytest.raises(OutcomeUnknown) as error:
        Transport(url, "42", "t").request("POST", "invoice", body={}, request_id="request-1")
    assert type(error.value) is OutcomeUnknown
