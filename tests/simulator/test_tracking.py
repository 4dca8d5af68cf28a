"""Classes and locations, and the preferences that switch them (contract section 4.2)."""

import pytest

from tests.realms import SELF_NUMBERING
from tests.simulator.connected import Connected, connect, discount, invoice_body, line
from tests.simulator_process import SimulatorProcess

SERVICE, PHOENIX = {"value": "2", "name": "Service"}, {"value": "2", "name": "Phoenix"}


@pytest.fixture
def tracking(simulator: SimulatorProcess) -> Connected:
    """A company that tracks classes by line, and locations."""
    return connect(simulator, SELF_NUMBERING)


def test_a_line_has_its_class_and_a_document_its_location(tracking: Connected) -> None:
    sold = line("5", ClassRef={"value": "2"})
    off = discount("1")
    off["DiscountLineDetail"]["ClassRef"] = {"value": "2"}
    invoice = tracking.invoice(tracking.customer(), sold, off, DepartmentRef={"value": "2"})

    assert invoice["DepartmentRef"] == PHOENIX
    assert invoice["Line"][0]["SalesItemLineDetail"]["ClassRef"] == SERVICE
    assert invoice["Line"][-1]["DiscountLineDetail"]["ClassRef"] == SERVICE


def test_what_is_switched_off_is_left_out(tracking: Connected, us: Connected) -> None:
    """The seeded company tracks by line only; the other one not at all."""
    fields = {"ClassRef": {"value": "2"}, "DepartmentRef": {"value": "2"}}
    sold = line("5", ClassRef={"value": "2"})
    here, there = (company.invoice(company.customer(), sold, **fields) for company in (tracking, us))
    assert "ClassRef" not in here
    assert here["DepartmentRef"] == PHOENIX
    assert not {"ClassRef", "DepartmentRef"} & set(there)
    assert "ClassRef" not in there["Line"][0]["SalesItemLineDetail"]

    by_transaction = {"ClassTrackingPerTxn": True, "ClassTrackingPerTxnLine": False}
    tracking.simulator.company(tracking.realm, preferences={"AccountingInfoPrefs": by_transaction})
    now = tracking.invoice(tracking.customer("B"), sold, **fields)
    assert now["ClassRef"] == SERVICE
    assert "ClassRef" not in now["Line"][0]["SalesItemLineDetail"]


def test_references_must_exist_and_be_active(tracking: Connected) -> None:
    customer = tracking.customer()
    tracking.simulator.bookkeeper(tracking.realm, "Class", "1", "deactivate")
    for id_ in ("1", "99"):
        body = invoice_body(customer, line("5", ClassRef={"value": id_}))
        assert tracking.refused("invoice", body)["code"] == "2500"
    assert tracking.refused("invoice", invoice_body(customer, DepartmentRef={"value": "9"}))["code"] == "2500"


def test_lists_of_their_own(tracking: Connected, us: Connected) -> None:
    repair = tracking.post("class", {"Name": "Repair", "ParentRef": {"value": "2"}})["Class"]
    assert (repair["FullyQualifiedName"], repair["SubClass"]) == ("Service:Repair", True)
    found = tracking.query("select Name from class where FullyQualifiedName = 'service:repair'")
    assert [row["Name"] for row in found["Class"]] == ["Repair"]
    assert len(tracking.query("select * from Department")["Department"]) == 2
    assert tracking.refused("department", {"Name": "Phoenix"})["code"] == "6240"
    assert us.refused("class", {"Name": "Repair"}, status=403)["code"] == "5030"
