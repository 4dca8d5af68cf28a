"""Redis over TLS with a certificate that has signed itself, as on Heroku: real Redis behind a front that speaks
TLS, because the Redis of the packages is built without.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from redis.exceptions import RedisError

from app import create_app
from app.config import ConfigurationError, from_environment
from app.extensions import limiter
from app.job_threads import rq_worker
from tests.tls_front import tls_front


@pytest.fixture(scope="module")
def front(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with tls_front(urlsplit(redis_url).port or 0, Path(tmp_path_factory.mktemp("tls"))) as port:
        yield f"rediss://localhost:{port}/0"


def asked_by_all(app: Flask) -> list[Callable[[], object]]:
    """Everything that has a Redis client of its own."""
    pace = app.extensions["quickbooks_pace"]
    return [
        app.extensions["redis"].ping,
        lambda: rq_worker(app).connection.ping(),
        lambda: pace._shared.batches_left("1"),
        lambda: pace._shared.hold("1", 1),
        lambda: limiter.storage.storage.ping(),
    ]


def made(settings: dict[str, str], **more: str) -> Flask:
    return create_app(from_environment({**settings, "RATELIMIT_ENABLED": "1", **more}))


@pytest.fixture(autouse=True)
def limits_as_before(settings: dict[str, str]) -> Iterator[None]:
    """The limiter is one for all apps."""
    yield
    create_app(from_environment(settings))


def test_it_is_not_trusted_unless_that_is_said(settings, front: str):
    strict = made(settings, REDIS_URL=front)
    with strict.app_context():
        for ask in asked_by_all(strict):
            with pytest.raises(RedisError, match="CERTIFICATE_VERIFY_FAILED"):
                ask()


def test_all_clients_reach_it_where_it_is_not_verified(settings, front: str):
    lenient = made(settings, REDIS_URL=front, REDIS_TLS_VERIFY="0")
    with lenient.app_context():
        for ask in asked_by_all(lenient):
            ask()


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("redis://h:1/0", "redis://h:1/0"),
        ("rediss://:p%40w@h:1", "rediss://:p%40w@h:1?ssl_cert_reqs=none"),
        ("rediss://h:1/2?db=3&ssl_cert_reqs=required", "rediss://h:1/2?db=3&ssl_cert_reqs=none"),
    ],
)
def test_what_the_setting_makes_of_an_address(settings, url: str, used: str):
    lenient = from_environment({**settings, "REDIS_URL": url, "REDIS_TLS_VERIFY": "0"})
    assert (lenient["REDIS_URL"], lenient["RATELIMIT_STORAGE_URI"]) == (used, used)
    assert from_environment({**settings, "REDIS_URL": url})["REDIS_URL"] == url


def test_the_setting_is_0_or_1(settings):
    with pytest.raises(ConfigurationError, match="REDIS_TLS_VERIFY"):
        from_environment({**settings, "REDIS_TLS_VERIFY": "no"})


def test_a_release_says_what_is_wrong_in_a_sentence(settings, front: str):
    def said(**more: str) -> tuple[int, str]:
        answer = made(settings, **more).test_cli_runner().invoke(args=["check-redis"])
        return answer.exit_code, answer.output

    assert said() == (0, "Redis answers.\n")
    assert said(REDIS_URL=front, REDIS_TLS_VERIFY="0") == (0, "Redis answers.\n")
    code, text = said(REDIS_URL=front)
    assert (code, text.count("\n")) == (1, 1)
    assert "its certificate cannot be verified" in text
    assert "REDIS_TLS_VERIFY=0" in text
    code, text = said(REDIS_URL="redis://127.0.0.1:9/0")
    assert (code, text.count("\n")) == (1, 1)
    assert text.startswith("Error: Redis (REDIS_URL) does not answer:")
