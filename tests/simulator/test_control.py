"""The control routes themselves."""

import pytest
import requests

from tests.realms import AUTOMATED_TAX, SELF_NUMBERING, UK, US
from tests.simulator.connected import REDIRECT, Connected, connect, token_call
from tests.simulator_process import SimulatorProcess


def test_the_journal_tells_what_was_said(us: Connected) -> None:
    before = us.simulator.calls()[-1]["number"]
    answer = us.call("POST", "customer?requestid=r1", {"DisplayName": "Harbor"})
    call = us.simulator.calls(us.realm, since=before)[0]

    assert (call["method"], call["operation"], call["status"]) == ("POST", "customer.create", 200)
    assert call["path"] == f"/v3/company/{us.realm}/customer?requestid=r1"
    assert (call["requestid"], call["realm"]) == ("r1", us.realm)
    assert call["request"] == {"DisplayName": "Harbor"}
    assert call["response"]["Customer"]["DisplayName"] == "Harbor"
    assert call["intuit_tid"] == answer.headers["intuit_tid"]
    assert call["bytes"] == len(answer.content)


def test_tokens_stay_out_of_the_journal(us: Connected) -> None:
    told = str(us.simulator.calls())
    assert us.tokens["refresh_token"] not in told
    assert us.tokens["access_token"] not in told


def test_clearing_calls_keeps_their_numbers(us: Connected) -> None:
    last = us.simulator.calls()[-1]["number"]
    us.simulator.control("POST", "calls/clear")
    assert us.simulator.calls() == []
    us.get("preferences")
    assert us.simulator.calls()[0]["number"] == last + 1


def test_the_books_keep_what_the_api_hides(us: Connected) -> None:
    customer = us.customer()
    invoice = us.invoice(customer)
    us.simulator.bookkeeper(us.realm, "Invoice", invoice["Id"], "delete")
    us.simulator.bookkeeper(us.realm, "Customer", customer["Id"], "deactivate")

    books = us.simulator.books(us.realm)
    assert books["Customer"][0]["Active"] is False
    assert books["Invoice"] == []
    assert [(row["kind"], row["Id"]) for row in books["Deleted"]] == [("Invoice", invoice["Id"])]


def test_the_history_tells_whose_hand_it_was(us: Connected) -> None:
    customer = us.customer()
    typed = us.simulator.control("POST", f"companies/{us.realm}/Customer", {"DisplayName": "By hand"})
    us.simulator.bookkeeper(us.realm, "Customer", customer["Id"], "edit", Notes="New")
    us.simulator.bookkeeper(us.realm, "Invoice", us.invoice(customer)["Id"], "delete")

    told = us.simulator.control("GET", f"history/{us.realm}?since=0")
    people = [change for change in told if change["kind"] == "Customer"]
    assert [(change["by"], change["id"]) for change in people] == [
        ("app", customer["Id"]),
        ("bookkeeper", typed["Id"]),
        ("bookkeeper", customer["Id"]),
    ]
    assert (people[2]["before"].get("Notes"), people[2]["after"]["Notes"]) == (None, "New")
    assert (told[-1]["by"], told[-1]["after"]) == ("bookkeeper", None)
    assert us.simulator.control("GET", f"history/{us.realm}?since={told[-1]['number']}") == []


def test_reset_forgets_everything(us: Connected) -> None:
    us.customer()
    us.simulator.settings(latency_ms=1, throttle_format="json")
    us.simulator.script(effect="status")
    us.simulator.company(us.realm, suspended=True)
    us.simulator.reset()

    assert us.simulator.books(us.realm)["Customer"] == []
    assert us.simulator.calls() == []
    assert us.simulator.control("GET", "scripts") == []
    assert us.simulator.control("GET", "settings")["throttle_format"] == "xml"
    assert not any(company["suspended"] for company in us.simulator.control("GET", "companies"))
    assert us.call("GET", "preferences").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "settings", {"colour": "red"}, 400),
        ("POST", "tokens", {"action": "polish"}, 400),
        ("POST", "companies/9130357992221046", {"colour": "red"}, 400),
        ("GET", "books/123", None, 404),
        ("POST", "companies/9130357992221046/Customer/1/dance", {}, 404),
        ("POST", "companies/9130357992221046/Customer/999/edit", {}, 400),
    ],
)
def test_wrong_orders_are_refused(
    simulator: SimulatorProcess, method: str, path: str, body: object, status: int
) -> None:
    answer = requests.request(method, f"{simulator.url}/_simulator/{path}", json=body)
    assert answer.status_code == status


def test_companies_to_choose_from(simulator: SimulatorProcess) -> None:
    companies = simulator.control("GET", "companies")
    assert [(company["name"], company["country"]) for company in companies] == [
        ("Sandbox Company US 1", "US"),
        ("Sandbox Company US 2", "US"),
        ("Sandbox Company UK", "GB"),
        ("Sandbox Company US 3", "US"),
    ]


@pytest.mark.parametrize("realm", [US, AUTOMATED_TAX, UK, SELF_NUMBERING])
def test_a_seeded_company_is_ready_to_invoice(simulator: SimulatorProcess, realm: str) -> None:
    books = simulator.books(realm)
    assert {"Services", "Sales of Product Income", "Discounts given"} <= {
        row["Name"] for row in books["Account"]
    }
    assert {row["Name"] for row in books["Item"]} == {"Services", "Hours"}
    assert [row["Name"] for row in books["Term"]] == ["Due on receipt", "Net 15", "Net 30", "Net 60"]
    assert books["Customer"] == books["Invoice"] == []
    preferences = books["Preferences"][0]["SalesFormsPrefs"]
    assert preferences["AllowDiscount"]
    assert preferences["CustomTxnNumbers"] is (realm != SELF_NUMBERING)


def test_one_more_company_is_as_good_as_a_seeded_one(simulator: SimulatorProcess) -> None:
    founded = simulator.control("POST", "companies", {"name": "Fourth Avenue Heating", "country": "US"})
    assert founded in simulator.control("GET", "companies")
    newcomer = connect(simulator, founded["realm"])
    invoice = newcomer.invoice(newcomer.customer())
    assert [bill["Id"] for bill in simulator.books(founded["realm"])["Invoice"]] == [invoice["Id"]]
    simulator.reset()
    assert founded not in simulator.control("GET", "companies")


def test_a_consent_needs_no_pages(simulator: SimulatorProcess) -> None:
    form = {"grant_type": "authorization_code", "code": simulator.consent(UK), "redirect_uri": REDIRECT}
    assert token_call(simulator, **form).status_code == 200
    assert token_call(simulator, **form).json()["error"] == "invalid_grant"  # as any code, it works once
    with pytest.raises(requests.HTTPError, match="404"):
        simulator.consent("1")


def test_the_books_come_page_by_page(us: Connected) -> None:
    for number in range(5):
        us.customer(f"C {number}")
    page = us.simulator.control("GET", f"books/{us.realm}?kind=Customer&start=3&rows=2")
    assert [row["DisplayName"] for row in page["Customer"]] == ["C 2", "C 3"]
    assert page["total"] == 5
    for wrong in ("kind=Nothing", "kind=Customer&rows=some", "start=1", "page=2"):
        assert requests.get(f"{us.simulator.url}/_simulator/books/{us.realm}?{wrong}").status_code == 400


def test_full_books_are_streamed(us: Connected) -> None:
    answer = requests.get(f"{us.simulator.url}/_simulator/books/{us.realm}", stream=True)
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert {"Customer", "TaxCode", "TaxLiability", "Deleted"} <= set(answer.json())
