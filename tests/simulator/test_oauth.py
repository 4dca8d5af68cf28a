"""The sign-in service by its own rules (contract section 1)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.realms import UK, US
from tests.simulator.connected import ASKED, CLIENT, REDIRECT, Connected, connect, consent, token_call
from tests.simulator_process import SimulatorProcess

DAY = 24 * 3600
HUNDRED_DAYS = 100 * DAY


def exchange(simulator: SimulatorProcess, code: str, redirect_uri: str = REDIRECT) -> requests.Response:
    return token_call(simulator, grant_type="authorization_code", code=code, redirect_uri=redirect_uri)


def refresh(simulator: SimulatorProcess, value: str) -> requests.Response:
    return token_call(simulator, grant_type="refresh_token", refresh_token=value)


def assert_invalid_grant(answer: requests.Response) -> None:
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def later(simulator: SimulatorProcess, seconds: float) -> None:
    simulator.control("POST", "clock", {"advance_seconds": seconds})


def test_discovery_names_the_addresses(simulator: SimulatorProcess) -> None:
    document = requests.get(f"{simulator.url}/.well-known/openid_configuration").json()

    assert document["token_endpoint"] == f"{simulator.url}/oauth2/v1/tokens/bearer"
    assert document["revocation_endpoint"] == f"{simulator.url}/v2/oauth2/tokens/revoke"
    assert document["authorization_endpoint"] == f"{simulator.url}/connect/oauth2"


def test_consent_sends_code_state_and_company_back(simulator: SimulatorProcess) -> None:
    answer = consent(simulator, UK)

    assert answer["realmId"] == UK
    assert answer["state"] == ASKED["state"]
    assert len(answer["code"]) <= 512


def test_cancel_sends_access_denied_and_no_code(simulator: SimulatorProcess) -> None:
    assert consent(simulator, US, decision="cancel") == {"error": "access_denied", "state": ASKED["state"]}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"redirect_uri": REDIRECT + "/"}, "redirect_uri"),
        ({"redirect_uri": REDIRECT + "?more=1"}, "redirect_uri"),
        ({"client_id": "somebody"}, "client_id"),
        ({"state": ""}, "state"),
    ],
)
def test_an_untrusted_request_is_not_sent_back(
    simulator: SimulatorProcess, wrong: dict[str, str], said: str
) -> None:
    answer = requests.get(f"{simulator.url}/connect/oauth2", params={**ASKED, **wrong}, allow_redirects=False)

    assert answer.status_code == 400
    assert said in answer.text


@pytest.mark.parametrize(
    ("wrong", "error"),
    [({"scope": "everything"}, "invalid_scope"), ({"response_type": "token"}, "unsupported_response_type")],
)
def test_a_wrong_request_is_sent_back_with_its_error(
    simulator: SimulatorProcess, wrong: dict[str, str], error: str
) -> None:
    answer = requests.get(f"{simulator.url}/connect/oauth2", params={**ASKED, **wrong}, allow_redirects=False)

    assert answer.status_code == 302
    assert f"error={error}" in answer.headers["Location"]


def test_tokens_come_with_their_lifetimes(simulator: SimulatorProcess) -> None:
    body = exchange(simulator, consent(simulator, US)["code"]).json()

    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 3600
    assert HUNDRED_DAYS - 5 < body["x_refresh_token_expires_in"] <= HUNDRED_DAYS
    assert len(body["access_token"]) > 600
    assert set(body) == {
        "token_type",
        "expires_in",
        "refresh_token",
        "x_refresh_token_expires_in",
        "access_token",
    }


def test_the_hard_limit_is_told_on_request(us: Connected) -> None:
    answer = requests.post(
        f"{us.simulator.url}/oauth2/v1/tokens/bearer",
        data={"grant_type": "refresh_token", "refresh_token": us.tokens["refresh_token"]},
        auth=CLIENT,
        headers={"x-include-refresh-token-hard-expires-in": "true"},
    )
    assert 157_680_000 - 5 < answer.json()["x_refresh_token_hard_expires_in"] <= 157_680_000


def test_a_code_works_once_and_reuse_kills_what_it_gave(simulator: SimulatorProcess) -> None:
    code = consent(simulator, US)["code"]
    tokens = exchange(simulator, code).json()

    assert_invalid_grant(exchange(simulator, code))
    assert_invalid_grant(refresh(simulator, tokens["refresh_token"]))


def test_a_code_belongs_to_its_redirect_address_and_expires(simulator: SimulatorProcess) -> None:
    code = consent(simulator, US)["code"]
    assert_invalid_grant(exchange(simulator, code, redirect_uri=REDIRECT + "/"))
    later(simulator, 601)
    assert_invalid_grant(exchange(simulator, code))


@pytest.mark.parametrize("client", [("test-client", "wrong"), ("wrong", "test-secret")])
def test_a_wrong_client_is_refused_with_401(us: Connected, client: tuple[str, str]) -> None:
    answer = token_call(
        us.simulator, client, grant_type="refresh_token", refresh_token=us.tokens["refresh_token"]
    )
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


def test_wrong_calls_of_the_token_endpoint(simulator: SimulatorProcess) -> None:
    assert token_call(simulator, grant_type="password").json() == {"error": "unsupported_grant_type"}
    assert token_call(simulator).json() == {"error": "invalid_request"}
    assert requests.get(f"{simulator.url}/oauth2/v1/tokens/bearer").status_code == 405


def test_the_refresh_value_stays_for_a_day_then_changes(us: Connected) -> None:
    first = us.tokens["refresh_token"]
    same = refresh(us.simulator, first).json()
    assert same["refresh_token"] == first
    assert same["access_token"] != us.tokens["access_token"]

    later(us.simulator, DAY + 1)
    second = refresh(us.simulator, first).json()["refresh_token"]
    assert second != first
    assert_invalid_grant(refresh(us.simulator, first))
    assert refresh(us.simulator, second).status_code == 200


def test_repeated_use_of_a_dead_value_kills_the_living_one(us: Connected) -> None:
    dead = us.tokens["refresh_token"]
    us.simulator.control("POST", "tokens", {"action": "rotate", "realm": US})
    living = refresh(us.simulator, dead).json()["refresh_token"]

    for _ in range(3):
        assert_invalid_grant(refresh(us.simulator, dead))

    assert_invalid_grant(refresh(us.simulator, living))


def test_of_two_parallel_refreshes_the_second_is_refused(us: Connected) -> None:
    us.simulator.script(effect="latency", operation="token", seconds=1, times=2)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: refresh(us.simulator, us.tokens["refresh_token"]), range(2)))

    assert sorted(answer.status_code for answer in answers) == [200, 400]


def test_two_refreshes_at_once_need_no_latency_to_meet(us: Connected) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: refresh(us.simulator, us.tokens["refresh_token"]), range(2)))

    refused = next(answer for answer in answers if answer.status_code == 400)
    assert refused.json()["error"] == "invalid_grant"
    assert refresh(us.simulator, us.tokens["refresh_token"]).status_code == 200


def test_a_refresh_token_dies_after_a_hundred_idle_days(us: Connected) -> None:
    later(us.simulator, HUNDRED_DAYS + 1)
    assert_invalid_grant(refresh(us.simulator, us.tokens["refresh_token"]))


def test_an_access_token_lasts_an_hour(us: Connected) -> None:
    assert us.call("GET", "preferences").status_code == 200
    later(us.simulator, 3601)
    answer = us.call("GET", "preferences")

    assert answer.status_code == 401
    assert "invalid_token" in answer.headers["WWW-Authenticate"]
    error = answer.json()["fault"]["error"][0]
    assert error["code"] == "3200"
    assert error["detail"] == f"Token expired: {us.tokens['access_token']}"
    assert answer.json()["batchItemResponse"] == []


def test_a_missing_and_a_malformed_token(us: Connected) -> None:
    url = f"{us.simulator.url}/v3/company/{US}/preferences"
    assert requests.get(url).json()["fault"]["error"][0]["code"] == "3202"
    malformed = requests.get(url, headers={"Authorization": "Bearer short"})
    assert malformed.json()["fault"]["error"][0]["detail"].startswith("Malformed bearer token")


def test_a_token_of_another_company_is_refused_with_3100(us: Connected) -> None:
    us.realm = UK
    answer = us.call("GET", "preferences")
    assert (answer.status_code, answer.json()["fault"]["error"][0]["code"]) == (403, "3100")


def test_without_the_accounting_scope_the_books_stay_closed(simulator: SimulatorProcess) -> None:
    code = consent(simulator, US, scope="openid")["code"]
    connected = Connected(simulator, US, exchange(simulator, code).json())
    assert connected.call("GET", "preferences").status_code == 403


@pytest.mark.parametrize("which", ["refresh_token", "access_token"])
@pytest.mark.parametrize("form", ["json", "data"])
def test_revoking_one_token_kills_both(us: Connected, which: str, form: str) -> None:
    address = f"{us.simulator.url}/v2/oauth2/tokens/revoke"
    revoke = {"url": address, form: {"token": us.tokens[which]}, "auth": CLIENT}

    assert requests.post(**revoke).status_code == 200
    assert us.call("GET", "preferences").status_code == 401
    assert_invalid_grant(refresh(us.simulator, us.tokens["refresh_token"]))
    assert requests.post(**revoke).status_code == 400


@pytest.mark.parametrize(
    ("action", "access", "refreshed"),
    [("expire_access", 401, 200), ("expire_refresh", 200, 400), ("revoke", 401, 400)],
)
def test_tokens_end_without_the_app(us: Connected, action: str, access: int, refreshed: int) -> None:
    us.simulator.control("POST", "tokens", {"action": action, "realm": US})

    assert us.call("GET", "preferences").status_code == access
    assert refresh(us.simulator, us.tokens["refresh_token"]).status_code == refreshed


def test_two_companies_are_granted_apart(us: Connected) -> None:
    uk = connect(us.simulator, UK)
    us.simulator.control("POST", "tokens", {"action": "revoke", "realm": US})

    assert us.call("GET", "preferences").status_code == 401
    assert uk.get("preferences")["Preferences"]["CurrencyPrefs"]["HomeCurrency"] == {"value": "GBP"}
