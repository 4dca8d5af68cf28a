"""Intuit's own OAuth client takes the simulator for Intuit: intuit-oauth."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError

from tests.realms import US
from tests.simulator.connected import CLIENT, REDIRECT, consent
from tests.simulator_process import SimulatorProcess


def discovery(simulator: SimulatorProcess) -> str:
    """Given as its environment, the client reads every address from here."""
    return f"{simulator.url}/.well-known/openid_configuration"


@pytest.fixture
def client(simulator: SimulatorProcess) -> Iterator[AuthClient]:
    with AuthClient(*CLIENT, REDIRECT, environment=discovery(simulator)) as client:
        yield client


@pytest.fixture
def connected(client: AuthClient, simulator: SimulatorProcess) -> AuthClient:
    client.get_bearer_token(consent(simulator, US)["code"], realm_id=US)
    return client


def test_its_authorization_address_opens_the_sign_in_page(client: AuthClient) -> None:
    url = client.get_authorization_url([Scopes.ACCOUNTING])
    assert "Sign in" in requests.get(url).text
    assert parse_qs(urlsplit(url).query)["state"] == [client.state_token]


def test_it_exchanges_a_code(connected: AuthClient) -> None:
    assert connected.access_token.startswith("eyJ")
    assert connected.expires_in == 3600
    assert connected.x_refresh_token_expires_in <= 8_640_000


def test_it_refreshes_and_follows_the_rotation(connected: AuthClient, simulator: SimulatorProcess) -> None:
    access, value = connected.access_token, connected.refresh_token
    connected.refresh()
    assert connected.access_token != access
    assert connected.refresh_token == value

    simulator.control("POST", "clock", {"advance_seconds": 25 * 3600})
    connected.refresh()
    assert connected.refresh_token != value
    with pytest.raises(AuthClientError) as refusal:
        connected.refresh(refresh_token=value)
    assert refusal.value.status_code == 400
    assert "invalid_grant" in str(refusal.value.content)


def test_it_revokes(connected: AuthClient) -> None:
    assert connected.revoke() is True
    with pytest.raises(AuthClientError):
        connected.refresh()
    with pytest.raises(AuthClientError):
        connected.revoke()


def test_a_code_twice(connected: AuthClient, simulator: SimulatorProcess) -> None:
    code = consent(simulator, US)["code"]
    connected.get_bearer_token(code)
    with pytest.raises(AuthClientError):
        connected.get_bearer_token(code)


def test_a_wrong_secret(simulator: SimulatorProcess) -> None:
    with AuthClient(CLIENT[0], "wrong", REDIRECT, environment=discovery(simulator)) as client:
        with pytest.raises(AuthClientError) as refusal:
            client.get_bearer_token(consent(simulator, US)["code"])
        assert refusal.value.status_code == 401
        assert refusal.value.intuit_tid


def test_it_learns_who_signed_in(client: AuthClient, simulator: SimulatorProcess) -> None:
    """It checks the id token's signature against the published keys before it keeps it."""
    scope = "com.intuit.quickbooks.accounting openid email profile"
    client.get_bearer_token(consent(simulator, US, scope=scope)["code"], realm_id=US)
    assert client.id_token

    person = client.get_user_info().json()
    assert person["email"] == "owner@sandbox.example"
    assert person["emailVerified"] is True
    assert set(person) == {"sub", "email", "emailVerified", "givenName", "familyName"}


def test_without_the_openid_scope_nobody_is_told(connected: AuthClient) -> None:
    assert connected.id_token is None
    with pytest.raises(AuthClientError) as refusal:
        connected.get_user_info()
    assert refusal.value.status_code == 403
