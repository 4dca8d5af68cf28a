"""Tokens: exchanged, renewed, revoked; and every way that can fail (contract sections 1.4 to 1.7)."""

import logging

import pytest
import requests
from requests_mock import ANY

from app.quickbooks.api import oauth

SETTINGS = oauth.OAuthSettings(
    client_id="id",
    client_secret="hush",
    redirect_uri="https://app.example/callback",
    authorize_url="https://intuit.example/connect",
    token_url="https://intuit.example/token",
    revoke_url="https://intuit.example/revoke",
)
GRANTED = {
    "token_type": "bearer",
    "access_token": "access",
    "refresh_token": "refresh",
    "expires_in": 3600,
    "x_refresh_token_expires_in": 8726400,
}


def test_the_consent_address_names_scope_and_state():
    url = oauth.authorization_url(SETTINGS, "state-1")
    assert "scope=com.intuit.quickbooks.accounting" in url
    assert "state=state-1" in url
    assert "response_type=code" in url
    assert "hush" not in url


def test_exchange_and_refresh(requests_mock):
    requests_mock.post(SETTINGS.token_url, json=GRANTED)
    tokens = oauth.exchange_code(SETTINGS, "code-1")
    assert (tokens.access_token, tokens.refresh_expires_in) == ("access", 8726400)
    assert "grant_type=authorization_code" in requests_mock.last_request.text
    assert requests_mock.last_request.headers["Authorization"].startswith("Basic ")
    oauth.refresh(SETTINGS, "refresh-0")
    assert "refresh_token=refresh-0" in requests_mock.last_request.text


def test_the_end_of_the_five_years_is_asked_for_each_time(requests_mock):
    requests_mock.post(SETTINGS.token_url, json=GRANTED | {"x_refresh_token_hard_expires_in": 157_680_000})
    for tokens in (oauth.exchange_code(SETTINGS, "code-1"), oauth.refresh(SETTINGS, "refresh-0")):
        assert tokens.hard_expires_in == 157_680_000
        assert requests_mock.last_request.headers["x-include-refresh-token-hard-expires-in"] == "true"
    requests_mock.post(SETTINGS.token_url, json=GRANTED)
    assert oauth.refresh(SETTINGS, "refresh-0").hard_expires_in is None


def test_a_scope_in_the_answer_costs_no_tokens(requests_mock):
    requests_mock.post(SETTINGS.token_url, json=GRANTED | {"scope": f"{oauth.SCOPE} openid"})
    assert oauth.refresh(SETTINGS, "refresh-0").refresh_token == "refresh"


def test_nothing_secret_is_logged(requests_mock, caplog):
    requests_mock.post(SETTINGS.token_url, json=GRANTED | {"access_token": "access-secret"})
    with caplog.at_level(logging.DEBUG):
        oauth.exchange_code(SETTINGS, "code-secret")
        oauth.refresh(SETTINGS, "refresh-secret")
    assert "secret" not in caplog.text


def test_tokens_never_show_themselves():
    assert "access-secret" not in repr(oauth.Tokens("access-secret", "refresh-secret", 1, 1))
    assert "hush" not in repr(SETTINGS)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"status_code": 400, "json": {"error": "invalid_grant"}}, oauth.InvalidGrant),
        (
            {"status_code": 400, "json": {"error": "invalid_grant", "error_description": "Token invalid"}},
            oauth.InvalidGrant,
        ),
        ({"status_code": 401, "json": {"error": "invalid_client"}}, oauth.InvalidClient),
        *[
            ({"status_code": status, "json": {"error": name}}, oauth.Misconfigured)
            for status in (400, 401)
            for name in ("invalid_request", "unauthorized_client", "unsupported_grant_type", "invalid_scope")
        ],
        ({"status_code": 400, "json": {"error": "server_error"}}, oauth.OAuthUnavailable),
        ({"status_code": 429, "text": "slow down"}, oauth.OAuthUnavailable),
        ({"status_code": 502, "text": "<html>Bad Gateway</html>"}, oauth.OAuthUnavailable),
        ({"status_code": 200, "text": "<html>maintenance</html>"}, oauth.OAuthUnavailable),
        ({"status_code": 200, "json": {"access_token": "a"}}, oauth.OAuthUnavailable),
        ({"status_code": 200, "json": GRANTED | {"expires_in": None}}, oauth.OAuthUnavailable),
        ({"status_code": 401, "text": ""}, oauth.InvalidClient),
        ({"status_code": 401, "text": "<html>Unauthorized</html>"}, oauth.InvalidClient),
        ({"status_code": 401, "json": {"error": "invalid_grant"}}, oauth.InvalidGrant),
        ({"status_code": 400, "text": ""}, oauth.OAuthUnavailable),
        ({"exc": requests.ReadTimeout}, oauth.OAuthUnavailable),
        ({"exc": requests.ConnectionError}, oauth.OAuthUnavailable),
    ],
)
def test_every_refusal(requests_mock, answer: dict, kind: type):
    requests_mock.post(SETTINGS.token_url, **answer)
    with pytest.raises(oauth.OAuthError) as error:
        oauth.refresh(SETTINGS, "refresh-secret")
    assert type(error.value) is kind
    assert "refresh-secret" not in str(error.value)


ELSEWHERE = "https://elsewhere.example/"


@pytest.mark.parametrize("status", [302, 307, 308])
def test_no_token_follows_a_redirect(requests_mock, status: int):
    """A 307 or 308 would be sent again with its body."""
    elsewhere = requests_mock.register_uri(ANY, ELSEWHERE, json=GRANTED)
    for address in (SETTINGS.token_url, SETTINGS.revoke_url):
        requests_mock.post(address, status_code=status, headers={"Location": ELSEWHERE})
    for ask in (oauth.exchange_code, oauth.refresh):
        with pytest.raises(oauth.OAuthUnavailable):
            ask(SETTINGS, "secret")
    with pytest.raises(oauth.OAuthError):
        oauth.revoke(SETTINGS, "secret")
    assert not elsewhere.called


def test_revoke_sends_json(requests_mock):
    requests_mock.post(SETTINGS.revoke_url)
    oauth.revoke(SETTINGS, "refresh")
    assert requests_mock.last_request.json() == {"token": "refresh"}


@pytest.mark.parametrize(
    "answer", [{"status_code": 400}, {"status_code": 503}, {"exc": requests.ConnectionError}]
)
def test_a_failed_revoke_is_an_oauth_error(requests_mock, answer: dict):
    requests_mock.post(SETTINGS.revoke_url, **answer)
    with pytest.raises(oauth.OAuthError):
        oauth.revoke(SETTINGS, "refresh")
