"""A client that went through the consent pages, for tests that speak the wire themselves."""

import re
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from simulator import exact_json
from tests.simulator_process import SimulatorProcess

CLIENT = ("test-client", "test-secret")
REDIRECT = "http://localhost/callback"
ASKED = {
    "client_id": CLIENT[0],
    "redirect_uri": REDIRECT,
    "response_type": "code",
    "scope": "com.intuit.quickbooks.accounting",
    "state": "a-state-of-thirty-characters..",
}


class Connected:
    """One company through one access token. Answers are (status, body), amounts Decimal."""

    def __init__(self, simulator: SimulatorProcess, realm: str, tokens: dict[str, Any]) -> None:
        self.simulator, self.realm, self.tokens = simulator, realm, tokens
        self.session = requests.Session()
        self.session.trust_env = False  # looking for a proxy takes longer than asking
        self.session.headers["Accept"] = "application/json"

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> requests.Response:
        url = f"{self.simulator.url}/v3/company/{self.realm}/{path}"
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        headers |= options.pop("headers", {})
        if body is not None:
            options["data"] = exact_json.dumps(body)
        if path.partition("?")[0].endswith("/send"):
            headers.setdefault("Content-Type", "application/octet-stream")
        elif method == "POST":
            headers.setdefault("Content-Type", "application/json")
        return self.session.request(method, url, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        return _kept(self.call("GET", path, **options))

    def post(self, path: str, body: Any, **options: Any) -> Any:
        """The body of a 200, whatever is in it."""
        return _kept(self.call("POST", path, body, **options))

    def refused(self, path: str, body: Any, status: int = 400, **options: Any) -> dict[str, Any]:
        """The first error of a refusal."""
        answer = self.call("POST", path, body, **options)
        assert answer.status_code == status, answer.text
        return exact_json.loads(answer.content)["Fault"]["Error"][0]

    def query(self, statement: str) -> dict[str, Any]:
        return self.get("query", params={"query": statement})["QueryResponse"]

    def customer(self, name: str = "Harbor Heating", **fields: Any) -> dict[str, Any]:
        return self.post("customer", {"DisplayName": name, **fields})["Customer"]

    def invoice(self, customer: dict[str, Any], *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
        return self.post("invoice", invoice_body(customer, *lines, **fields))["Invoice"]


def invoice_body(customer: dict[str, Any], *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"CustomerRef": {"value": customer["Id"]}, "Line": list(lines) or [line("100.00")], **fields}


def line(amount: str, **detail: Any) -> dict[str, Any]:
    """An item line for the service that every company has."""
    return {
        "Amount": Decimal(amount),
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": "1"}, **detail},
    }


def discount(amount: str | None = None, percent: str | None = None) -> dict[str, Any]:
    detail: dict[str, Any] = {"PercentBased": percent is not None}
    if percent is not None:
        detail["DiscountPercent"] = Decimal(percent)
    sent = {"DetailType": "DiscountLineDetail", "DiscountLineDetail": detail}
    return sent if amount is None else {**sent, "Amount": Decimal(amount)}


def hidden_fields(page: str) -> dict[str, str]:
    return {
        name: unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
    }


def consent(
    simulator: SimulatorProcess, realm: str, decision: str = "connect", **asked: str
) -> dict[str, str]:
    """Walk through the pages as a browser without script would; the redirect's parameters."""
    address = f"{simulator.url}/connect/oauth2"
    page = requests.get(address, params={**ASKED, **asked})
    signed_in = {**hidden_fields(page.text), "email": "owner@sandbox.example", "password": "any"}
    page = requests.post(address, data=signed_in)
    chosen = {**hidden_fields(page.text), "realm": realm, "decision": decision}
    answer = requests.post(address, data=chosen, allow_redirects=False)
    location = urlsplit(answer.headers["Location"])
    return {name: values[0] for name, values in parse_qs(location.query).items()}


def token_call(
    simulator: SimulatorProcess, client: tuple[str, str] = CLIENT, **form: str
) -> requests.Response:
    return requests.post(f"{simulator.url}/oauth2/v1/tokens/bearer", data=form, auth=client)


def connect(simulator: SimulatorProcess, realm: str) -> Connected:
    code = simulator.consent(realm)
    answer = token_call(simulator, grant_type="authorization_code", code=code, redirect_uri=REDIRECT)
    assert answer.status_code == 200, answer.text
    return Connected(simulator, realm, answer.json())


def _kept(answer: requests.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return exact_json.loads(answer.content)
