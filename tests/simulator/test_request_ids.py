"""Request ids: the first answer is given again (contract section 2.4)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.simulator.connected import Connected, invoice_body


def test_a_repeat_gets_the_first_answer_and_does_nothing(us: Connected) -> None:
    first = us.call("POST", "customer?requestid=r1", {"DisplayName": "Harbor"})
    again = us.call("POST", "customer?requestid=r1", {"DisplayName": "Harbor"})

    assert again.content == first.content
    assert again.headers["intuit_tid"] != first.headers["intuit_tid"]
    assert us.query("SELECT COUNT(*) FROM Customer") == {"totalCount": 1}


def test_without_an_id_a_repeat_creates_a_second_record(us: Connected) -> None:
    body = invoice_body(us.customer())
    assert (
        us.post("invoice?requestid=", body)["Invoice"]["Id"]
        != us.post("invoice?requestid=", body)["Invoice"]["Id"]
    )


def test_refusals_are_remembered_too(us: Connected) -> None:
    assert us.refused("customer?requestid=r1", {"DisplayName": "a:b"})["code"] == "2040"
    assert us.refused("customer?requestid=r1", {"DisplayName": "corrected"})["code"] == "2040"
    assert us.post("customer?requestid=r2", {"DisplayName": "corrected"})


def test_an_outage_is_not_remembered(us: Connected) -> None:
    us.simulator.script(effect="status", status=503, operation="customer.create")
    us.simulator.script(effect="fault", code="10000", operation="customer.create")
    body = {"DisplayName": "Harbor"}
    assert us.call("POST", "customer?requestid=r1", body).status_code == 503
    assert us.refused("customer?requestid=r1", body)["code"] == "10000"
    assert us.post("customer?requestid=r1", body)["Customer"]["DisplayName"] == "Harbor"


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ({"code": "100"}, "AUTHENTICATION"),
        ({"code": "110"}, "AUTHENTICATION"),
        ({"code": "120"}, "AUTHORIZATION"),
        ({"code": "6000", "status": 403}, "ValidationFault"),
    ],
)
def test_what_the_gateway_refuses_is_not_remembered(us: Connected, script: dict[str, Any], kind: str) -> None:
    us.simulator.script(effect="fault", operation="customer.create", **script)
    body = {"DisplayName": "Harbor"}
    answer = us.call("POST", "customer?requestid=r1", body)
    assert (answer.status_code, answer.json()["Fault"]["type"]) == (script.get("status", 401), kind)
    assert us.post("customer?requestid=r1", body)["Customer"]["DisplayName"] == "Harbor"


def test_a_feature_that_the_books_refuse_is_remembered(us: Connected) -> None:
    us.simulator.script(effect="fault", code="5030", operation="customer.create")
    for _ in range(2):
        assert us.refused("customer?requestid=r1", {"DisplayName": "Harbor"}, 403)["code"] == "5030"


def test_a_lost_answer_is_found_again(us: Connected) -> None:
    us.simulator.script(effect="cut_after", operation="customer.create")
    with pytest.raises(OSError):
        us.call("POST", "customer?requestid=r1", {"DisplayName": "Harbor"})
    again = us.post("customer?requestid=r1", {"DisplayName": "Harbor"})["Customer"]
    assert us.simulator.books(us.realm)["Customer"] == [again]


def test_a_replay_outlives_the_object(us: Connected) -> None:
    body = invoice_body(us.customer())
    first = us.post("invoice?requestid=r1", body)["Invoice"]
    us.simulator.bookkeeper(us.realm, "Invoice", first["Id"], "delete")
    assert us.post("invoice?requestid=r1", body)["Invoice"] == first
    assert us.simulator.books(us.realm)["Invoice"] == []


def test_batches_are_replayed_whole(us: Connected) -> None:
    items = [
        {"bId": str(n), "operation": "create", "Customer": {"DisplayName": f"C{n // 2}"}} for n in range(4)
    ]
    first = us.post("batch?requestid=b1", {"BatchItemRequest": items})
    assert ["Fault" in item for item in first["BatchItemResponse"]] == [False, True, False, True]
    assert us.post("batch?requestid=b1", {"BatchItemRequest": items}) == first
    assert us.query("SELECT COUNT(*) FROM Customer") == {"totalCount": 2}


def test_with_whatever_their_items_say(us: Connected) -> None:
    """The batch was answered, also where an item met with an error of QuickBooks' own."""
    us.simulator.script(effect="fault", code="10000", operation="item:customer.create")
    items = [{"bId": "1", "operation": "create", "Customer": {"DisplayName": "Harbor"}}]
    first = us.post("batch?requestid=b1", {"BatchItemRequest": items})
    assert first["BatchItemResponse"][0]["Fault"]["type"] == "SystemFault"
    assert us.post("batch?requestid=b1", {"BatchItemRequest": items}) == first
    assert us.simulator.books(us.realm)["Customer"] == []


def test_memory_has_an_age(us: Connected) -> None:
    us.simulator.settings(requestid_memory_seconds=60)
    us.post("customer?requestid=r1", {"DisplayName": "Harbor"})
    us.simulator.control("POST", "clock", {"advance_seconds": 61})
    assert us.refused("customer?requestid=r1", {"DisplayName": "Harbor"})["code"] == "6240"


def test_an_id_belongs_to_its_company(us: Connected, uk: Connected) -> None:
    us.post("customer?requestid=r1", {"DisplayName": "Harbor"})
    assert uk.post("customer?requestid=r1", {"DisplayName": "Quay"})["Customer"]["DisplayName"] == "Quay"


def test_reuse_for_something_else_replays_or_is_refused(us: Connected) -> None:
    us.post("customer?requestid=r1", {"DisplayName": "Harbor"})
    other = {"DisplayName": "Other"}
    assert us.post("customer?requestid=r1", other)["Customer"]["DisplayName"] == "Harbor"
    us.simulator.settings(requestid_reuse="refuse")
    assert us.refused("customer?requestid=r1", other)["code"] == "600"


def test_ids_may_be_ignored_by_script(us: Connected) -> None:
    us.simulator.script(effect="ignore_requestid", times=None)
    us.post("customer?requestid=r1", {"DisplayName": "Harbor"})
    assert us.refused("customer?requestid=r1", {"DisplayName": "Harbor"})["code"] == "6240"


def test_lengths_of_ids(us: Connected) -> None:
    assert us.refused(f"customer?requestid={'r' * 51}", {"DisplayName": "A"})["code"] == "2130"
    assert us.post(f"customer?requestid={'r' * 50}", {"DisplayName": "A"})
    items = [{"bId": "b" * 10, "Query": "SELECT * FROM Term"}]
    assert us.post(f"batch?requestid={'r' * 36}", {"BatchItemRequest": items})
    assert us.refused(f"batch?requestid={'r' * 37}", {"BatchItemRequest": items})["code"] == "2130"
    longer = [{**items[0], "bId": "b" * 11}]
    assert us.refused("batch?requestid=r2", {"BatchItemRequest": longer})["code"] == "2130"
    assert us.post("batch", {"BatchItemRequest": longer})


def test_a_repeat_while_the_first_still_runs_waits_for_it(us: Connected) -> None:
    us.simulator.script(effect="latency", seconds=0.3, operation="customer.create")
    with ThreadPoolExecutor(3) as pool:
        answers = list(
            pool.map(lambda _: us.call("POST", "customer?requestid=r1", {"DisplayName": "Harbor"}), range(3))
        )
    assert len({answer.content for answer in answers}) == 1
    assert us.query("SELECT COUNT(*) FROM Customer") == {"totalCount": 1}
