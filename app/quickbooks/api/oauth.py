"""Intuit's OAuth 2.0: the consent address, both ways to tokens, and revoking them (contract section 1)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from oauthlib.oauth2 import OAuth2Error
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

# At DEBUG the library writes tokens and the secret into the log.
logging.getLogger("requests_oauthlib").setLevel(logging.INFO)

SCOPE = "com.intuit.quickbooks.accounting"
TIMEOUT = (5, 25)


@dataclass(frozen=True)
class OAuthSettings:
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    authorize_url: str
    token_url: str
    revoke_url: str

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> OAuthSettings:
        return cls(
            client_id=config["QUICKBOOKS_CLIENT_ID"],
            client_secret=config["QUICKBOOKS_CLIENT_SECRET"],
            redirect_uri=config["QUICKBOOKS_REDIRECT_URI"],
            authorize_url=config["QUICKBOOKS_AUTHORIZE_URL"],
            token_url=config["QUICKBOOKS_TOKEN_URL"],
            revoke_url=config["QUICKBOOKS_REVOKE_URL"],
        )


@dataclass(frozen=True)
class Tokens:
    """Lifetimes in seconds, as Intuit gave them. No use prolongs `hard_expires_in`; Intuit may leave it out."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    refresh_expires_in: int
    hard_expires_in: int | None = None


class OAuthError(Exception):
    """Intuit's OAuth did not give what was asked."""


class InvalidGrant(OAuthError):
    """The code or refresh token is expired, used, rotated or revoked."""


class InvalidClient(OAuthError):
    """The client id or secret is wrong: the operator's fault, never the connection's."""


class Misconfigured(OAuthError):
    """Intuit knows the client and refuses what it asks: the operator's fault or ours, never the connection's."""


class OAuthUnavailable(OAuthError):
    """No answer, or none that can be read; whether it took effect is unknown."""


def authorization_url(settings: OAuthSettings, state: str) -> str:
    url, _ = _session(settings, [SCOPE]).authorization_url(settings.authorize_url, state=state)
    return url


def exchange_code(settings: OAuthSettings, code: str) -> Tokens:
    """Raises OAuthError. Codes work once, and a second try can cost the grant: never repeat this call."""
    return _tokens(
        lambda session: session.fetch_token(
            settings.token_url, code=code, auth=_basic(settings), timeout=TIMEOUT
        ),
        settings,
    )


def refresh(settings: OAuthSettings, refresh_token: str) -> Tokens:
    """Raises OAuthError. The old refresh token is dead as soon as a new one is returned."""
    return _tokens(
        lambda session: session.refresh_token(
            settings.token_url, refresh_token=refresh_token, auth=_basic(settings), timeout=TIMEOUT
        ),
        settings,
    )


def revoke(settings: OAuthSettings, token: str) -> None:
    """Ends both tokens. Raises OAuthError; a token that is dead already answers 400 too."""
    try:
        response = requests.post(
            settings.revoke_url,
            json={"token": token},
            auth=_basic(settings),
            headers={"Accept": "application/json"},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise OAuthUnavailable(type(error).__name__) from error
    if response.status_code != 200:
        raise OAuthError(f"revoke answered {response.status_code}")


def _tokens(ask: Callable[[OAuth2Session], Mapping[str, Any]], settings: OAuthSettings) -> Tokens:
    session = _session(settings)
    session.max_redirects = (
        0  # what is sent holds a token or the code, and the library passes no allow_redirects
    )
    session.headers["x-include-refresh-token-hard-expires-in"] = "true"
    session.register_compliance_hook("access_token_response", _readable)
    session.register_compliance_hook("refresh_token_response", _readable)
    try:
        answer = ask(session)
    except OAuth2Error as error:
        raise _KINDS.get(error.error, OAuthUnavailable)(error.error) from error
    except (requests.RequestException, ValueError) as error:
        raise OAuthUnavailable(type(error).__name__) from error
    try:
        return Tokens(
            answer["access_token"],
            answer["refresh_token"],
            int(answer["expires_in"]),
            int(answer["x_refresh_token_expires_in"]),
            _optional(answer.get("x_refresh_token_hard_expires_in")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise OAuthUnavailable("the answer lacks a field") from error


def _optional(seconds: Any) -> int | None:
    return None if seconds is None else int(seconds)


def _readable(response: requests.Response) -> requests.Response:
    """oauthlib would read a proxy's page as a form: only Intuit's own JSON is passed on. A 401 says whom it refuses
    also without a body (contract section 1.6).
    """
    if response.status_code >= 500 or response.status_code == 429:
        raise OAuthUnavailable(f"status {response.status_code}")
    if response.status_code == 401 and not _names_an_error(response):
        raise InvalidClient("status 401")
    return response


def _names_an_error(response: requests.Response) -> bool:
    try:
        answer = response.json()
    except ValueError:
        return False
    return isinstance(answer, dict) and bool(answer.get("error"))


def _session(settings: OAuthSettings, scope: list[str] | None = None) -> OAuth2Session:
    """The scope is for the consent only: told it, the library throws tokens away that name another one."""
    return OAuth2Session(settings.client_id, redirect_uri=settings.redirect_uri, scope=scope)


def _basic(settings: OAuthSettings) -> HTTPBasicAuth:
    return HTTPBasicAuth(settings.client_id, settings.client_secret)


_KINDS: dict[str, type[OAuthError]] = {
    "invalid_grant": InvalidGrant,
    "invalid_client": InvalidClient,
    "unauthorized_client": Misconfigured,
    "invalid_request": Misconfigured,
    "unsupported_grant_type": Misconfigured,
    "invalid_scope": Misconfigured,
}
