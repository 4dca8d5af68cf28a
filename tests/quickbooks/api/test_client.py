"""QuickBooks' operations: the request each one makes, and what is read out of the answer."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.quickbooks.api.client import Client, quote
from app.quickbooks.api.errors import Fault, OutcomeUnknown, Refused
from app.quickbooks.api.transport import Transport
from app.quickbooks.api.write import Write

API = "https://quickbooks.example"
BASE = f"{API}/v3/company/42"
STALE = {"Fault": {"Error": [{"Message": "Stale Object Error", "code": "5010"}], "type": "ValidationFault"}}


@pytest.fixture
def client() -> Client:
    return Client(Transport(API, "42", "secret-token"))


def item(bid: str = "1", operation: str = "create", **body) -> Write:
    return Write(bid=bid, operation=operation, entity="Invoice", body=body)


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


def test_a_batch_names_each_item_its_operation_and_its_entity(client: Client, requests_mock):
    requests_mock.post(f"{BASE}/batch", json={"BatchItemResponse": []})
    client.batch([item("1", DocNumber="A"), item("2", "void", Id="7", SyncToken="0")], "request-1")
    assert requests_mock.last_request.qs["requestid"] == ["request-1"]
    assert requests_mock.last_request.json() == {
        "BatchItemRequest": [
            {"bId": "1", "operation": "create", "Invoice": {"DocNumber": "A"}},
            {"bId": "2", "operation": "void", "Invoice": {"Id": "7", "SyncToken": "0"}},
        ]
    }


def test_a_payment_is_voided_by_an_update(client: Client, requests_mock):
    """Contract sections 2.1 and 2.8: alone, and in a batch."""
    void = Write(bid="1", operation="void", entity="Payment", body={"Id": "7", "SyncToken": "0"})
    requests_mock.post(f"{BASE}/payment", json={"Payment": {"Id": "7"}})
    client.send_one(void, "request-1")
    sent = requests_mock.last_request
    assert (sent.qs["operation"], sent.qs["include"]) == (["update"], ["void"])
    assert sent.json() == {"Id": "7", "SyncToken": "0", "sparse": True}
    requests_mock.post(f"{BASE}/batch", json={"BatchItemResponse": []})
    client.batch([void], "request-2")
    (item_sent,) = requests_mock.last_request.json()["BatchItemRequest"]
    assert (item_sent["operation"], item_sent["optionsData"]) == ("update", "void")


def test_a_deleted_record_is_answered_with_little_more_than_its_id(client: Client, requests_mock):
    gone = {"status": "Deleted", "domain": "QBO", "Id": "7"}
    requests_mock.post(f"{BASE}/refundreceipt", json={"RefundReceipt": gone})
    body = {"Id": "7", "SyncToken": "0"}
    delete = Write(bid="1", operation="delete", entity="RefundReceipt", body=body)
    assert client.send_one(delete, "request-1").by_bid == {"1": gone}
    assert requests_mock.last_request.qs["operation"] == ["delete"]


@pytest.mark.parametrize("answer", ["text", None, {}, {"bId": "1"}, {"bId": "1", "Invoice": {}}])
def test_an_item_without_a_record_or_a_fault_is_not_answered(client: Client, requests_mock, answer):
    requests_mock.post(f"{BASE}/batch", json={"BatchItemResponse": [answer]})
    assert client.batch([item("1"), item("2")], "request-1").by_bid == {}


def test_a_bid_may_come_back_as_a_number(client: Client, requests_mock):
    requests_mock.post(f"{BASE}/batch", json={"BatchItemResponse": [{"bId": 1, "Invoice": {"Id": "7"}}]})
    assert client.batch([item("1"), item("2")], "request-1").by_bid == {"1": {"Id": "7"}}


@pytest.mark.parametrize(
    "answer", [{}, {"time": "now"}, {"Invoice": None}, {"Invoice": {}}, {"Customer": {"Id": "7"}}]
)
def test_a_success_about_something_else_leaves_a_write_in_doubt(client: Client, requests_mock, answer: dict):
    requests_mock.post(f"{BASE}/invoice", json=answer)
    with pytest.raises(OutcomeUnknown):
        client.send_one(item(), "request-1")


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


@pytest.mark.parametrize("answer", [{}, {"time": "now"}, {"QueryResponse": None}, {"QueryResponse": []}])
def test_nothing_found_is_only_believed_of_an_answer_to_the_query(
    client: Client, requests_mock, answer: dict
):
    requests_mock.post(f"{BASE}/query", json=answer)
    with pytest.raises(OutcomeUnknown):
        client.query_all("Invoice")


@pytest.mark.parametrize("listed", [None, "x", {"Id": "7"}, [None], [{"DocNumber": "1"}]])
def test_what_a_query_lists_has_to_be_records(client: Client, requests_mock, listed):
    requests_mock.post(f"{BASE}/query", json={"QueryResponse": {"Invoice": listed}})
    with pytest.raises(OutcomeUnknown):
        client.query_all("Invoice")


def changes(client: Client) -> dict:
    return client.changes(["Invoice", "Customer"], datetime(2026, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize("part", [{}, {"Customer": [{"Id": "3"}]}])
def test_what_changed_is_told_by_entity(client: Client, requests_mock, part):
    requests_mock.get(f"{BASE}/cdc", json={"CDCResponse": [{"QueryResponse": [part]}]})
    assert changes(client) == {"Invoice": [], "Customer": []} | part


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        [None],
        [{}],
        [{"QueryResponse": None}],
        [{"QueryResponse": []}],
        [{"QueryResponse": [None]}],
        [{"QueryResponse": [{"Invoice": None}]}],
    ],
)
def test_nothing_changed_is_only_believed_of_an_answer_that_says_so(client: Client, requests_mock, told):
    requests_mock.get(f"{BASE}/cdc", json={"CDCResponse": told})
    with pytest.raises(OutcomeUnknown):
        changes(client)


@pytest.mark.parametrize("told", [[STALE], [{"QueryResponse": [{"Customer": [{"Id": "3"}]}, STALE]}]])
def test_a_fault_in_the_place_of_changes_is_no_answer(client: Client, requests_mock, told):
    requests_mock.get(f"{BASE}/cdc", json={"CDCResponse": told})
    with pytest.raises(Refused):
        changes(client)


def test_the_company_and_its_preferences(client: Client, requests_mock):
    requests_mock.get(f"{BASE}/companyinfo/42", json={"CompanyInfo": {"Id": "1", "CompanyName": "Harbor"}})
    requests_mock.get(f"{BASE}/preferences", json={"Preferences": {"Id": "1"}})
    assert client.company_info()["CompanyName"] == "Harbor"
    assert client.preferences() == {"Id": "1"}
