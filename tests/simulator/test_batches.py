"""Batches and change data capture (contract sections 2.7 and 2.8)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.simulator.connected import Connected, invoice_body


def batch(us: Connected, *items: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    numbered = [{"bId": str(number), **item} for number, item in enumerate(items, start=1)]
    return us.post("batch", {"BatchItemRequest": numbered}, **options)["BatchItemResponse"]


def code(item: dict[str, Any]) -> str:
    return item["Fault"]["Error"][0]["code"]


def test_items_are_settled_one_by_one(us: Connected) -> None:
    us.simulator.company(us.realm, batch_voids=True)
    customer = us.customer()
    invoice = us.invoice(customer)
    identity = {"Id": invoice["Id"], "SyncToken": "0"}
    answers = batch(
        us,
        {"operation": "create", "Invoice": invoice_body(customer, DocNumber="A1")},
        {"operation": "create", "Customer": {"DisplayName": "Harbor Heating"}},
        {"operation": "update", "Invoice": {**identity, "sparse": True, "PrivateNote": "x"}},
        {"operation": "delete", "Invoice": identity},
        {"operation": "void", "Invoice": {**identity, "SyncToken": "1"}},
        {"Query": "SELECT * FROM Invoice"},
        {"Query": "SELECT * FROM Nothing"},
        {"operation": "create", "Widget": {}},
        {"operation": "send", "Invoice": identity},
        {"operation": "update", "Customer": {"Id": "999", "SyncToken": "0"}},
    )

    assert [item["bId"] for item in answers] == [str(number) for number in range(1, 11)]
    assert answers[0]["Invoice"]["DocNumber"] == "A1"
    assert [code(answers[index]) for index in (1, 3, 6, 7, 8, 9)] == [
        "6240",
        "5010",
        "4001",
        "2000",
        "500",
        "610",
    ]
    assert answers[1]["Fault"]["Error"][0]["element"] == ""
    assert answers[4]["Invoice"]["TotalAmt"] == 0
    assert len(answers[5]["QueryResponse"]["Invoice"]) == 1  # as it was before the batch


def test_a_batch_takes_no_void_unless_switched_on(us: Connected) -> None:
    invoice = us.invoice(us.customer())
    (answer,) = batch(us, {"operation": "void", "Invoice": {"Id": invoice["Id"], "SyncToken": "0"}})
    assert code(answer) == "500"
    assert us.get(f"invoice/{invoice['Id']}")["Invoice"]["TotalAmt"] == 100


def test_options_travel_with_the_item(us: Connected) -> None:
    customer = us.customer()
    payment = us.post("payment", {"CustomerRef": {"value": customer["Id"]}, "TotalAmt": 5})["Payment"]
    numbered = {"operation": "create", "Invoice": invoice_body(customer, DocNumber="A1")}
    void = {"Id": payment["Id"], "SyncToken": "0", "sparse": True}
    answers = batch(
        us,
        numbered,
        numbered,
        {**numbered, "optionsData": "allowduplicatedocnum"},
        {"operation": "update", "optionsData": "void", "Payment": void},
    )
    assert code(answers[1]) == "6140"
    assert answers[2]["Invoice"]["DocNumber"] == "A1"
    assert answers[3]["Payment"]["TotalAmt"] == 0


@pytest.mark.parametrize(("count", "refusal"), [(0, "400"), (31, "1040")])
def test_empty_and_oversized_batches(us: Connected, count: int, refusal: str) -> None:
    items = [{"bId": str(number), "Query": "SELECT * FROM Term"} for number in range(count)]
    assert us.refused("batch", {"BatchItemRequest": items})["code"] == refusal


@pytest.mark.parametrize("items", ["all of them", ["one"], {"bId": "1"}])
def test_what_is_no_batch(us: Connected, items: Any) -> None:
    assert us.refused("batch", {"BatchItemRequest": items})["code"] == "2010"


def test_thirty_items_fit(us: Connected) -> None:
    assert len(batch(us, *[{"Query": "SELECT COUNT(*) FROM Term"}] * 30)) == 30


def test_a_batch_answers_a_thousand_objects_at_most(us: Connected) -> None:
    terms = {"Query": "SELECT * FROM Account MAXRESULTS 1000"}
    us.simulator.company(us.realm, plan="Advanced")
    accounts = len(us.query("SELECT * FROM Account")["Account"])
    for number in range(18):
        batch(us, *[_account(f"Account {number}-{item}") for item in range(30)])
    answers = batch(us, terms, terms)
    assert len(answers[0]["QueryResponse"]["Account"]) == accounts + 540
    assert code(answers[1]) == "10100"


def _account(name: str) -> dict[str, Any]:
    return {"operation": "create", "Account": {"Name": name, "AccountType": "Income"}}


def test_parallel_writers_get_ids_of_their_own(us: Connected) -> None:
    def write(writer: int) -> list[str]:
        connected = Connected(us.simulator, us.realm, us.tokens)
        names = [f"C {writer}-{number}" for number in range(30)]
        answers = batch(
            connected, *[{"operation": "create", "Customer": {"DisplayName": name}} for name in names]
        )
        return [answer["Customer"]["Id"] for answer in answers]

    with ThreadPoolExecutor(8) as pool:
        ids = [id_ for written in pool.map(write, range(8)) for id_ in written]
    assert len(ids) == len(set(ids)) == 240
    assert us.query("SELECT COUNT(*) FROM Customer") == {"totalCount": 240}


def test_latency_of_items_adds_up(us: Connected) -> None:
    us.simulator.settings(item_latency_ms=20)
    batch(us, *[{"Query": "SELECT COUNT(*) FROM Term"}] * 10)
    assert us.simulator.calls(us.realm)[-1]["seconds"] >= 0.2


def changed_since(us: Connected, moment: datetime, entities: str) -> list[dict[str, Any]]:
    answer = us.get("cdc", params={"entities": entities, "changedSince": moment.isoformat()})
    return answer["CDCResponse"][0]["QueryResponse"]


def test_changes_and_deletions_are_captured(us: Connected) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    customer = us.customer()
    kept, deleted = us.invoice(customer), us.invoice(customer)
    us.post("invoice?operation=delete", {"Id": deleted["Id"], "SyncToken": "0"})

    customers, invoices, payments = changed_since(us, before, "Customer,Invoice,Payment")
    assert [row["Id"] for row in customers["Customer"]] == [customer["Id"]]
    assert [row["Id"] for row in invoices["Invoice"]] == [kept["Id"], deleted["Id"]]
    stub = invoices["Invoice"][1]
    assert (stub["status"], set(stub)) == ("Deleted", {"domain", "status", "Id", "MetaData"})
    assert invoices["maxResults"] == 2
    assert payments == {}


def test_nothing_changed_later(us: Connected) -> None:
    us.customer()
    assert changed_since(us, datetime.now(UTC) + timedelta(minutes=1), "Customer") == [{}]


def test_a_full_answer_cuts_whatever_changed_last(us: Connected) -> None:
    """A thousand objects in all; which entities they leave room for is no promise."""
    before = datetime.now(UTC) - timedelta(minutes=1)
    for start in range(0, 1020, 30):
        vendors = [{"DisplayName": f"Vendor {start + place}"} for place in range(30)]
        batch(us, *[{"operation": "create", "Vendor": vendor} for vendor in vendors])
    us.simulator.control("POST", "clock", {"advance_seconds": 60})
    us.customer()
    customers, vendors = changed_since(us, before, "Customer,Vendor")
    assert (customers, vendors["maxResults"]) == ({}, 1000)


def test_changes_are_kept_for_thirty_days(us: Connected) -> None:
    us.customer()
    us.simulator.control("POST", "tokens", {"action": "rotate"})
    us.simulator.control("POST", "clock", {"advance_seconds": 31 * 24 * 3600})
    fresh = us.session.post(
        f"{us.simulator.url}/oauth2/v1/tokens/bearer",
        data={"grant_type": "refresh_token", "refresh_token": us.tokens["refresh_token"]},
        auth=("test-client", "test-secret"),
    )
    us.tokens = fresh.json()
    assert changed_since(us, datetime(2020, 1, 1, tzinfo=UTC), "Customer") == [{}]


def test_an_entity_that_capture_does_not_know_keeps_nothing_from_the_others(us: Connected) -> None:
    us.customer()
    params = {"entities": "Widget,customer,TaxCode", "changedSince": "2026-01-01"}
    unknown, customers, tax_codes = us.get("cdc", params=params)["CDCResponse"][0]["QueryResponse"]
    assert (unknown, tax_codes) == ({}, {})
    assert [row["DisplayName"] for row in customers["Customer"]] == ["Harbor Heating"]


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"entities": "TaxCode", "changedSince": "2026-01-01"}, "2000"),
        ({"entities": "Widget", "changedSince": "2026-01-01"}, "2000"),
        ({"entities": "Customer", "changedSince": "lately"}, "2060"),
        ({"entities": "Customer"}, "2020"),
    ],
)
def test_capture_refusals(us: Connected, params: dict[str, str], refusal: str) -> None:
    answer = us.call("GET", "cdc", params=params)
    assert (answer.status_code, answer.json()["Fault"]["Error"][0]["code"]) == (400, refusal)


def test_a_plus_that_was_not_encoded_is_no_date(us: Connected) -> None:
    for plus, status in (("%2B", 200), ("+", 400)):
        answer = us.call("GET", f"cdc?entities=Customer&changedSince=2026-01-01T00:00:00{plus}00:00")
        assert answer.status_code == status
    assert answer.json()["Fault"]["Error"][0]["code"] == "2060"
