"""One request: what goes out, and what each kind of trouble on the way becomes."""

from decimal import Decimal

import pytest
import requests

from app.quickbooks.api.client import Client, quote
from app.quickbooks.api.errors import Fault, OutcomeUnknown, Refused, Throttled, Unreachable
from app.quickbooks.api.transport import Transport

API = "https://quickbooks.example"
BASE = f"{API}/v3/company/42"
STALE = {"Fault": {"Error": [{"Message": "Stale Object Error", "code": "5010"}], "type": "ValidationFault"}}


@pytest.fixture
def client() -> Client:
    return Client(Transport(API, "42", "secret-token"))


def item(bid: str = "1", operation: str = "create", **body) -> dict:
    return {"bid": bid, "operation": operation, "entity": "Invoice", "body": body}


def test_a_write_carries_its_request_id_and_exact_numbers(client: Client, requests_mock):
    requests_mock.post(f"{BASE}/invoice", text='{"Invoice": {"Id": "7", "TotalAmt": 1861.08}}')
    answer = client.send_one(item(Amount=Decimal("1861.08")), "request-1")
    sent = requests_mock.last_request
    assert sent.qs["requestid"] == ["request-1"]
    assert sent.qs["minorversion"] == ["75"]
    assert sent.text == '{"Amount": 1861.08}'
    assert sent.headers["Authorization"] == "Bearer secret-token"
    assert answer.by_bid["1"]["TotalAmt"] == Decimal("1861.08")


def test_a_refused_single_write_is_its_items_fault(client: Client, requests_mock):
    requests_mock.post(f"{BASE}/invoice", status_code=400, json=STALE, headers={"intuit_tid": "tid-9"})
    fault = client.send_one(item(), "request-1").by_bid["1"]
    assert isinstance(fault, Fault)
    assert (fault.code, fault.status, fault.intuit_tid) == ("5010", 400, "tid-9")


def test_a_void_is_an_operation_of_the_address(client: Client, requests_mock):
    requests_mock.post(f"{BASE}/invoice", json={"Invoice": {"Id": "7"}})
    client.send_one(item(operation="void", Id="7", SyncToken="0"), "request-1")
    assert requests_mock.last_request.qs["operation"] == ["void"]


def test_a_batch_is_read_item_by_item(client: Client, requests_mock):
    answers = [
        {"bId": "1", "Invoice": {"Id": "7"}},
        {"bId": "2", **STALE},
        {"bId": "99", "Invoice": {"Id": "8"}},
    ]
    requests_mock.post(f"{BASE}/batch", json={"BatchItemResponse": answers})
    by_bid = client.batch([item("1"), item("2"), item("3")], "request-1").by_bid
    assert by_bid["1"] == {"Id": "7"}
    assert by_bid["2"].code == "5010"
    assert set(by_bid) == {"1", "2"}


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        ({"exc": requests.ReadTimeout}, OutcomeUnknown),
        ({"exc": requests.ConnectionError}, OutcomeUnknown),
        ({"exc": requests.exceptions.ChunkedEncodingError}, OutcomeUnknown),
        ({"exc": requests.ConnectTimeout}, Unreachable),
        ({"status_code": 502, "text": "<html>Bad Gateway</html>"}, OutcomeUnknown),
        ({"status_code": 200, "text": "<html>We'll be back soon</html>"}, OutcomeUnknown),
        ({"status_code": 200, "text": "[]"}, OutcomeUnknown),
        ({"status_code": 200, "text": '{"time": "now"}'}, OutcomeUnknown),
        ({"status_code": 302, "text": "{}"}, OutcomeUnknown),
        ({"status_code": 404, "text": "no such page"}, Refused),
    ],
)
def test_trouble_on_the_way(client: Client, requests_mock, trouble: dict, kind: type):
    requests_mock.post(f"{BASE}/batch", **trouble)
    with pytest.raises(kind) as error:
        client.batch([item("1"), item("2")], "request-1")
    assert type(error.value) is kind
    assert "secret-token" not in str(error.value)


def test_nobody_listening_means_nothing_was_done():
    with pytest.raises(Unreachable):
        Client(Transport("http://127.0.0.1:1", "42", "t")).read("Invoice", "1")


@pytest.mark.parametrize(
    ("header", "seconds"), [({"Retry-After": "7"}, 7), ({}, None), ({"Retry-After": "soon"}, None)]
)
def test_a_throttle_says_how_long(client: Client, requests_mock, header: dict, seconds: int | None):
    requests_mock.get(f"{BASE}/invoice/1", status_code=429, text="slow down", headers=header)
    with pytest.raises(Throttled) as error:
        client.read("Invoice", "1")
    assert error.value.retry_after == seconds


def test_queries_page_until_the_end(client: Client, requests_mock):
    full = {"QueryResponse": {"Item": [{"Id": str(n)} for n in range(1000)]}}
    requests_mock.post(f"{BASE}/query", [{"json": full}, {"json": {"QueryResponse": {}}}])
    assert len(client.query_all("Item", "Active = true")) == 1000
    first, second = requests_mock.request_history
    assert first.text == "SELECT * FROM Item WHERE Active = true STARTPOSITION 1 MAXRESULTS 1000"
    assert "STARTPOSITION 1001" in second.text


@pytest.mark.parametrize(
    ("value", "quoted"),
    [("Adam's Candy", r"'Adam\'s Candy'"), ("a\\b", r"'a\\b'"), ("R&D + 5 %", "'R&D + 5 %'")],
)
def test_quoting(value: str, quoted: str):
    assert quote(value) == quoted
