"""Reads are metered for the app and the month, writes are not (contract section 3.1)."""

from typing import Any

import pytest

from simulator import exact_json
from tests.realms import UK
from tests.simulator.connected import Connected, connect

MONTH = 31 * 24 * 3600
QUERY = "SELECT COUNT(*) FROM Term"


def usage(us: Connected) -> dict[str, Any]:
    return us.simulator.control("GET", "usage")


def read_everything(us: Connected) -> dict[str, Any]:
    """One call of each kind, and some that fail."""
    invoice = us.invoice(us.customer(), BillEmail={"Address": "amy@harbor.example"})
    us.query(QUERY)
    us.get(f"invoice/{invoice['Id']}")
    us.get(f"companyinfo/{us.realm}")
    us.get("cdc", params={"entities": "Customer", "changedSince": "2026-01-01"})
    us.post("batch", {"BatchItemRequest": [{"bId": "1", "Query": QUERY}, {"bId": "2", "Query": "DROP"}]})
    us.call("GET", "query", params={"query": "DROP"})
    us.call("GET", "invoice/99")
    us.post(f"invoice/{invoice['Id']}/send", None)
    return invoice


def test_what_counts(us: Connected) -> None:
    read_everything(us)
    told = usage(us)
    assert told["quota"] == 500_000
    assert told["reads"] == told["reads_by_realm"][us.realm] == 5
    assert told["calls"][us.realm] == {
        "customer.create": 1,
        "invoice.create": 1,
        "query": 1,
        "invoice.read": 1,
        "companyinfo.read": 1,
        "cdc": 1,
        "batch": 1,
        "batch.query": 1,
        "invoice.send": 1,
    }


def test_beyond_the_quota_reads_are_blocked_and_writes_go_on(us: Connected) -> None:
    invoice = read_everything(us)
    us.simulator.settings(read_quota=5)

    for path in ("preferences", f"invoice/{invoice['Id']}", f"query?query={QUERY}", "cdc?entities=Item"):
        answer = us.call("GET", path)
        assert answer.status_code == 429
        assert answer.headers["Content-Type"] == "application/xml"
        assert "The monthly quota of CorePlus calls is used up." in answer.text
    items = [
        {"bId": "1", "Query": QUERY},
        {"bId": "2", "operation": "create", "Customer": {"DisplayName": "B"}},
    ]
    blocked, created = us.post("batch", {"BatchItemRequest": items})["BatchItemResponse"]
    assert blocked["Fault"]["Error"][0]["code"] == "3001"
    assert created["Customer"]["DisplayName"] == "B"
    assert usage(us)["reads"] == 5


def test_a_read_beyond_the_quota_may_say_what_any_throttle_says(us: Connected) -> None:
    us.simulator.settings(read_quota=0, quota_body="plain", throttle_format="json")
    answer = us.call("GET", "companyinfo/" + us.realm)
    assert answer.status_code == 429
    assert "quota" not in answer.text.lower()
    assert us.customer()


def test_the_quota_is_the_apps_and_ends_with_the_month(us: Connected) -> None:
    us.query(QUERY)
    us.simulator.settings(read_quota=1)
    other = connect(us.simulator, UK)
    assert other.call("GET", "preferences").status_code == 429

    us.simulator.control("POST", "clock", {"advance_seconds": MONTH})
    other.tokens = connect(us.simulator, UK).tokens
    assert other.call("GET", "preferences").status_code == 200
    assert usage(us)["reads_by_realm"] == {UK: 1}


@pytest.mark.parametrize("status", [429, 403])
def test_the_status_of_a_blocked_read_is_a_switch(us: Connected, status: int) -> None:
    us.simulator.settings(read_quota=0, quota_status=status, throttle_format="json")
    answer = us.call("GET", "preferences")
    assert answer.status_code == status
    error = exact_json.loads(answer.content)["Fault"]["Error"][0]
    assert error["code"] == "3001"
    assert error["Message"].endswith(f"statusCode={status}")
