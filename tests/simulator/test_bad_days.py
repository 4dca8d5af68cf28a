"""Trouble on demand, and the spellings it comes in (contract section 2.3)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from defusedxml import ElementTree

from devtools.waiting import wait_until
from tests.simulator.connected import Connected, token_call

NAMESPACE = "{http://schema.intuit.com/finance/v3}"


def create(us: Connected, name: str = "Harbor") -> requests.Response:
    return us.call("POST", "customer", {"DisplayName": name})


def customers(us: Connected) -> int:
    return len(us.simulator.books(us.realm)["Customer"])


@pytest.mark.parametrize(
    ("script", "status", "kind", "text"),
    [
        ({"effect": "status", "status": 500}, 500, "application/json", ""),
        ({"effect": "html"}, 502, "text/html", "502 Bad Gateway"),
        ({"effect": "html", "status": 503}, 503, "text/html", "Service Temporarily Unavailable"),
        ({"effect": "maintenance"}, 503, "text/html", "We'll be back soon"),
        ({"effect": "throttle"}, 429, "application/xml", "ThrottleExceeded"),
        ({"effect": "xml_fault"}, 429, "application/xml", '<Error code="3001">'),
        ({"effect": "gateway_fault"}, 403, "application/json", '"fault": {"error"'),
        ({"effect": "gateway_fault", "code": "3200"}, 401, "application/json", "AuthenticationFailed"),
        ({"effect": "fault", "code": 6190}, 400, "application/json", "Invalid Company Status"),
        ({"effect": "fault", "code": "10000"}, 400, "application/json", '"type": "SystemFault"'),
        ({"effect": "fault", "code": "10000", "status": 500}, 500, "application/json", '"code": "10000"'),
        ({"effect": "fault", "code": "5030"}, 403, "application/json", "Feature Not Supported"),
        (
            {"effect": "fault_in_200", "code": "6000", "detail": "Wait."},
            200,
            "application/json",
            '"Detail": "Wait."',
        ),
    ],
)
def test_scripted_answers(us: Connected, script: dict[str, Any], status: int, kind: str, text: str) -> None:
    us.simulator.script(operation="customer.create", **script)
    answer = create(us)

    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(kind)
    assert text in answer.text
    assert answer.headers["intuit_tid"]
    assert customers(us) == 0
    assert create(us).status_code == 200


def test_the_words_of_a_fault_can_be_chosen(us: Connected) -> None:
    us.simulator.script(effect="fault", code="6000", message="M", detail="D", element="Line", status=400)
    assert create(us).json()["Fault"] == {
        "Error": [{"Message": "M", "Detail": "D", "code": "6000", "element": "Line"}],
        "type": "ValidationFault",
    }


@pytest.mark.parametrize(("effect", "arrived"), [("cut_before", 0), ("cut_after", 1), ("cut_middle", 1)])
def test_cut_connections(us: Connected, effect: str, arrived: int) -> None:
    us.simulator.script(effect=effect, operation="customer.create")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        create(us)
    assert customers(us) == arrived
    assert us.simulator.calls(us.realm)[-1]["status"] is None


@pytest.mark.parametrize(
    ("effect", "status", "text"), [("fault_after", 400, '"code": "10000"'), ("garbled", 200, "<html>\x00")]
)
def test_done_in_spite_of_its_answer(us: Connected, effect: str, status: int, text: str) -> None:
    us.simulator.script(effect=effect, operation="write", tid="t" * 200)
    answer = us.call("POST", "customer?requestid=r1", {"DisplayName": "Harbor"})

    assert (answer.status_code, customers(us)) == (status, 1)
    assert text in answer.text
    assert answer.headers["intuit_tid"] == "t" * 200
    assert us.call("POST", "customer?requestid=r1", {"DisplayName": "Harbor"}).status_code == 200
    assert customers(us) == 1


def test_an_item_is_done_in_spite_of_its_answer(us: Connected) -> None:
    us.simulator.script(effect="fault_after", operation="item:write")
    items = [{"bId": str(n), "operation": "create", "Customer": {"DisplayName": f"C{n}"}} for n in range(2)]
    first, second = us.post("batch", {"BatchItemRequest": items})["BatchItemResponse"]
    assert first["Fault"]["Error"][0]["code"] == "10000"
    assert second["Customer"]["DisplayName"] == "C1"
    assert customers(us) == 2


def test_queries_lag_behind(us: Connected) -> None:
    harbor = us.customer("Harbor")
    us.simulator.control("POST", "clock", {"advance_seconds": 60})
    us.simulator.bookkeeper(us.realm, "Customer", harbor["Id"], "edit", Notes="New")
    mill = us.customer("Mill")
    us.simulator.script(effect="lag", operation="query", seconds=30)

    lagging = us.query("SELECT * FROM Customer")["Customer"]
    assert [(row["DisplayName"], row.get("Notes")) for row in lagging] == [("Harbor", None)]
    present = us.query("SELECT * FROM Customer")["Customer"]
    assert [(row["DisplayName"], row.get("Notes")) for row in present] == [("Harbor", "New"), ("Mill", None)]
    assert us.get(f"customer/{mill['Id']}")["Customer"]["DisplayName"] == "Mill"


def test_sending_is_a_write(us: Connected) -> None:
    invoice = us.invoice(us.customer(), BillEmail={"Address": "owner@mill.example"})
    us.simulator.script(effect="status", operation="write")
    assert us.call("POST", f"invoice/{invoice['Id']}/send").status_code == 500
    assert us.get(f"invoice/{invoice['Id']}")["Invoice"]["SyncToken"] == invoice["SyncToken"]


def test_a_query_inside_a_batch_fails_though_it_was_answered(us: Connected) -> None:
    us.simulator.script(effect="fault_after", operation="item:query", code="10000")
    (item,) = us.post("batch", {"BatchItemRequest": [{"bId": "1", "Query": "SELECT * FROM Item"}]})[
        "BatchItemResponse"
    ]
    assert item["Fault"]["Error"][0]["code"] == "10000"


def test_the_journal_tells_what_was_struck(us: Connected) -> None:
    us.simulator.script(effect="latency", operation="write", label="late")
    us.simulator.script(effect="fault", operation="item:write", label="refused", code="6000")
    us.simulator.script(effect="status", operation="read", label="down")
    item = {"bId": "1", "operation": "create", "Customer": {"DisplayName": "C"}}
    us.post("batch", {"BatchItemRequest": [item]})
    us.call("GET", "preferences")

    assert [(hit["label"], hit["operation"]) for call in us.simulator.calls() for hit in call["struck"]] == [
        ("late", "batch"),
        ("refused", "item:customer.create"),
        ("down", "preferences.read"),
    ]


def test_latency_is_felt_and_counted(us: Connected) -> None:
    us.simulator.script(effect="latency", seconds=0.2, operation="customer.create")
    us.simulator.settings(latency_ms=100)
    assert create(us).elapsed.total_seconds() >= 0.3


def test_one_item_of_a_batch(us: Connected) -> None:
    us.simulator.script(effect="fault", code="6000", operation="item:customer.create")
    us.simulator.script(effect="throttle", operation="item:customer.create")
    items = [{"bId": str(n), "operation": "create", "Customer": {"DisplayName": f"C{n}"}} for n in range(3)]
    answers = us.post("batch", {"BatchItemRequest": items})["BatchItemResponse"]
    assert [item.get("Fault", {}).get("Error", [{}])[0].get("code") for item in answers] == [
        "6000",
        "3001",
        None,
    ]


def test_scripts_strike_where_and_as_often_as_told(us: Connected, uk: Connected) -> None:
    us.simulator.script(effect="status", status=500, realm=uk.realm, operation="query", times=2)
    assert us.call("GET", "query?query=SELECT * FROM Term").status_code == 200
    assert uk.call("GET", "preferences").status_code == 200
    asked = [uk.call("GET", "query?query=SELECT * FROM Term").status_code for _ in range(3)]
    assert asked == [500, 500, 200]
    assert us.simulator.control("GET", "scripts")[0]["used"] == 2


def test_chance_repeats_with_its_seed(us: Connected) -> None:
    def run() -> list[int]:
        us.simulator.control("DELETE", "scripts")
        us.simulator.script(effect="status", status=500, times=None, probability=0.4, seed=7)
        return [us.call("GET", "preferences").status_code for _ in range(20)]

    first = run()
    assert set(first) == {200, 500}
    assert run() == first


def test_the_token_endpoint_has_bad_days_too(us: Connected) -> None:
    us.simulator.script(effect="status", status=503, operation="token")
    refresh = {"grant_type": "refresh_token", "refresh_token": us.tokens["refresh_token"]}
    assert token_call(us.simulator, **refresh).status_code == 503
    us.simulator.script(effect="fault", operation="token")
    assert token_call(us.simulator, **refresh).json() == {"error": "invalid_grant"}
    us.simulator.script(effect="cut_after", operation="token")
    with pytest.raises(requests.ConnectionError):
        token_call(us.simulator, **refresh)
    assert token_call(us.simulator, **refresh).status_code == 200


def test_a_call_is_running_until_it_is_answered(us: Connected) -> None:
    us.simulator.script(effect="latency", seconds=0.5, operation="customer.create")

    def running() -> int:
        return int(us.simulator.control("GET", "calls/running")["running"])

    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(create, us)
        wait_until(lambda: running() == 1, "the call is held", every=0.02)
        waiting.result()
    assert running() == 0


@pytest.mark.parametrize("script", [{"effect": "earthquake"}, {"effect": "fault", "colour": "red"}, {}])
def test_unknown_scripts_are_refused(us: Connected, script: dict[str, Any]) -> None:
    answer = requests.post(f"{us.simulator.url}/_simulator/scripts", json=script)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_who_does_not_ask_for_json_gets_xml(us: Connected) -> None:
    us.session.headers["Accept"] = "*/*"
    customer = us.call("POST", "customer", {"DisplayName": "Bits & Pieces"})
    root = ElementTree.fromstring(customer.content)
    found = root.find(f"{NAMESPACE}Customer")
    assert found.get("domain") == "QBO"
    assert found.findtext(f"{NAMESPACE}DisplayName") == "Bits & Pieces"

    refused = us.call("GET", "query", params={"query": "SELECT * FROM Nothing"})
    fault = ElementTree.fromstring(refused.content).find(f"{NAMESPACE}Fault")
    assert fault.get("type") == "ValidationFault"
    assert fault.find(f"{NAMESPACE}Error").get("code") == "4001"


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"{not json", "2010"), (b'{"DisplayName": "\xff"}', "500"), (b"[]", "2010"), (b"", "2010")],
)
def test_bodies_that_cannot_be_read(us: Connected, body: bytes, code: str) -> None:
    answer = us.call("POST", "customer", data=body)
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, code)


@pytest.mark.parametrize("path", ["customer/1/5", "customers", "invoice/1/print", ""])
def test_addresses_that_do_not_exist(us: Connected, path: str) -> None:
    error = us.call("GET", path).json()["Fault"]["Error"][0]
    assert error["code"] == "500"
    assert error["Detail"].startswith("Operation Could not find resource for relative : /v3/company/")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["customer", "customer/1", "query"])
def test_methods_that_are_not_in_use(us: Connected, method: str, path: str) -> None:
    answer = us.call(method, path, {"DisplayName": "x"})
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, "500")


@pytest.mark.parametrize(
    ("path", "sent_as"),
    [
        ("customer", "text/plain"),
        ("batch", "application/x-www-form-urlencoded"),
        ("query", "application/json"),
        ("invoice/1/send", "application/json"),
        ("customer", ""),
    ],
)
def test_a_body_of_another_type_is_refused(us: Connected, path: str, sent_as: str) -> None:
    us.invoice(us.customer(PrimaryEmailAddr={"Address": "amy@harbor.example"}))
    answer = us.call("POST", path, data=b"{}", headers={"Content-Type": sent_as})
    error = answer.json()["Fault"]["Error"][0]
    assert answer.status_code == 400
    assert error["Detail"] == "Operation Cannot consume content type is not supported."
