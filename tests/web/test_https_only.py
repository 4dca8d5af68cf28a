"""Behind a proxy nothing is answered over plain http, and a client cannot choose the host."""

from collections.abc import Iterator

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app import create_app
from app.config import from_environment

HOME = "https://fsm-navigator.example"
PLAIN = {"X-Forwarded-Proto": "http"}
SAFE = {"X-Forwarded-Proto": "https"}


@pytest.fixture(scope="module")
def behind_a_proxy(settings: dict[str, str]) -> Iterator[Flask]:
    yield create_app(from_environment({**settings, "SECURE_COOKIES": "1", "PROXY_HOPS": "1"}))
    create_app(from_environment(settings))  # the limiter is one for all apps


@pytest.fixture
def client(behind_a_proxy: Flask) -> FlaskClient:
    return behind_a_proxy.test_client()


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("/", f"{HOME}/"),
        ("/sign-in?next=%2Finvoices&a=1", f"{HOME}/sign-in?next=%2Finvoices&a=1"),
        ("/static/design.css", f"{HOME}/static/design.css"),
        ("/a%20b/%C3%BC", f"{HOME}/a%20b/%C3%BC"),
        ("/@elsewhere.example", f"{HOME}/%40elsewhere.example"),
        ("/health/else", f"{HOME}/health/else"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_whoever_reads_is_sent_to_https(client: FlaskClient, method: str, asked: str, address: str):
    answer = client.open(asked, method=method, headers={**PLAIN, "Host": "elsewhere.example"})
    assert (answer.status_code, answer.headers["Location"]) == (301, address)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_whatever_else_is_refused(client: FlaskClient, method: str):
    answer = client.open("/integrations/quickbooks/webhooks", method=method, headers=PLAIN)
    assert (answer.status_code, answer.text) == (403, "Use https.\n")


def test_over_https_the_product_answers(client: FlaskClient):
    answer = client.get("/static/design.css", headers=SAFE)
    assert answer.status_code == 200
    assert client.get("/sign-in", headers=SAFE).headers["Strict-Transport-Security"]


@pytest.mark.parametrize("path", ["/health", "/health/worker"])
def test_a_monitor_may_ask_over_http(client: FlaskClient, path: str):
    assert client.get(path, headers=PLAIN).status_code in (200, 503)


def test_a_forwarded_host_is_not_believed(behind_a_proxy: Flask):
    said = {**SAFE, "Host": "fsm-navigator.example", "X-Forwarded-Host": "elsewhere.example"}
    seen: list[str] = []
    behind_a_proxy.before_request_funcs.setdefault(None, []).append(lambda: seen.append(request.host))
    behind_a_proxy.test_client().get("/health", headers={**said, "X-Forwarded-For": "203.0.113.9"})
    assert seen == ["fsm-navigator.example"]


@pytest.mark.parametrize("own", [{"SECURE_COOKIES": "0", "PROXY_HOPS": "1"}, {"SECURE_COOKIES": "1"}])
def test_on_a_machine_of_ones_own_http_is_answered(settings, own: dict[str, str]):
    client = create_app(from_environment({**settings, **own})).test_client()
    assert client.get("/static/design.css", headers=PLAIN).status_code == 200
    create_app(from_environment(settings))
