"""Production starts with no setting of development, and says which one it refuses."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.config import ConfigurationError, from_environment
from app.extensions import db
from devtools.environment import DEVELOPMENT_KEY, development_settings
from tests.conftest import TEST_KEY

GENERATED = "A2ZGMfOJC58kOpLQLXXT2qYqYgtg_8WhIfxFHay7ypw="
PRODUCTION = {
    "QUICKBOOKS_ENVIRONMENT": "production",
    "SECRET_KEY": "x" * 32,
    "TOKEN_ENCRYPTION_KEYS": GENERATED,
    "DATABASE_URL": "postgres://db/product",
    "REDIS_URL": "redis://redis/0",
    "QUICKBOOKS_CLIENT_ID": "client",
    "QUICKBOOKS_CLIENT_SECRET": "secret",
    "QUICKBOOKS_REDIRECT_URI": "https://fsm.example/integrations/quickbooks/callback",
    "PROXY_HOPS": "1",
}


def test_what_is_fit_starts():
    settings = from_environment(PRODUCTION)
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["QUICKBOOKS_API_URL"] == "https://quickbooks.api.intuit.com"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "x" * 31),
        ("TOKEN_ENCRYPTION_KEYS", DEVELOPMENT_KEY),
        ("TOKEN_ENCRYPTION_KEYS", f"{GENERATED},{TEST_KEY}"),
        ("QUICKBOOKS_REDIRECT_URI", "http://fsm.example/integrations/quickbooks/callback"),
        ("PUBLIC_URL", "http://fsm.example"),
        ("QUICKBOOKS_API_URL", "https://elsewhere.example"),
        ("QUICKBOOKS_AUTHORIZE_URL", "http://localhost:5050/connect/oauth2"),
        ("QUICKBOOKS_TOKEN_URL", "http://localhost:5050/oauth2/v1/tokens/bearer"),
        ("QUICKBOOKS_REVOKE_URL", "http://localhost:5050/v2/oauth2/tokens/revoke"),
        ("PROXY_HOPS", ""),
        ("SECURE_COOKIES", "0"),
        ("RATELIMIT_ENABLED", "0"),
        ("OAUTHLIB_INSECURE_TRANSPORT", "1"),
        ("OAUTHLIB_INSECURE_TRANSPORT", "0"),
        ("OAUTHLIB_INSECURE_TRANSPORT", "false"),
    ],
)
def test_what_is_of_development_stops_the_start_and_is_named(name: str, value: str):
    with pytest.raises(ConfigurationError, match=name):
        from_environment({**PRODUCTION, name: value})
    from_environment({**PRODUCTION, name: value, "QUICKBOOKS_ENVIRONMENT": "sandbox", "PROXY_HOPS": "0"})


def test_all_of_them_are_named_at_once():
    settings = development_settings("postgres://localhost/x", "redis://localhost/0")
    with pytest.raises(ConfigurationError) as refusal:
        from_environment({**settings, "QUICKBOOKS_ENVIRONMENT": "production"})
    for name in ("SECRET_KEY", "TOKEN_ENCRYPTION_KEYS", "PUBLIC_URL", "QUICKBOOKS_API_URL", "PROXY_HOPS"):
        assert name in str(refusal.value)


def test_a_secret_is_never_part_of_the_refusal():
    with pytest.raises(ConfigurationError) as refusal:
        from_environment({**PRODUCTION, "SECRET_KEY": "too-short", "TOKEN_ENCRYPTION_KEYS": DEVELOPMENT_KEY})
    assert "too-short" not in str(refusal.value)
    assert DEVELOPMENT_KEY not in str(refusal.value)


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (",", "TOKEN_ENCRYPTION_KEYS holds no key"),
        (" , ", "TOKEN_ENCRYPTION_KEYS holds no key"),
        (f"{GENERATED},cut-off", "TOKEN_ENCRYPTION_KEYS: key 2 of 2 is no Fernet key"),
        (GENERATED[:-2], "TOKEN_ENCRYPTION_KEYS: key 1 of 1 is no Fernet key"),
        ("schlüssel", "TOKEN_ENCRYPTION_KEYS: key 1 of 1 is no Fernet key"),
    ],
)
@pytest.mark.parametrize("environment", ["production", "sandbox"])
def test_a_key_that_cannot_be_read_is_named_and_not_shown(environment: str, keys: str, sentence: str):
    with pytest.raises(ConfigurationError, match=sentence) as refusal:
        from_environment({**PRODUCTION, "TOKEN_ENCRYPTION_KEYS": keys, "QUICKBOOKS_ENVIRONMENT": environment})
    for key in ("cut-off", "schlüssel", GENERATED[:-2]):
        assert key not in str(refusal.value)


def test_there_is_no_demo_company(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(app.config, "QUICKBOOKS_ENVIRONMENT", "production")
    answer = app.test_cli_runner().invoke(args=["demo-company"])
    assert answer.exit_code == 1
    assert "no demo company in production" in answer.output


def test_an_error_of_the_database_names_nobody(app):
    """Its text goes to the log, where no name and no amount may stand (docs/security.md)."""
    broken = text("SELECT 1 / 0 WHERE :name <> ''")
    with pytest.raises(DBAPIError) as raised:
        db.session.execute(broken, {"name": "Elm Street Bakery"})
    assert "Elm Street" not in str(raised.value)
