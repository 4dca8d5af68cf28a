"""Classes and locations: a sale is made in QuickBooks with those of the rules; a bookkeeper's own stay."""

from decimal import Decimal

import pytest

from app.extensions import db
from app.quickbooks.account import company
from app.quickbooks.account.gateway import impatient_client_for
from app.quickbooks.lane.facts import read_facts
from app.quickbooks.mapping.tracking import About, Rule, Tracking
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create

LINES = (("Boiler", "1", "900.00"), ("Filter", "2", "10.00"))


def tracked(quickbooks, switch: str) -> tuple[str, str, str]:
    """Two classes and a location; boilers are installations, everything else is service; Maine is Portland's."""
    flags = {switch: True, "TrackDepartments": True}
    quickbooks.simulator.company(quickbooks.realm, plan="Plus", preferences={"AccountingInfoPrefs": flags})
    installation, service = (
        create(quickbooks, "Class", Name="Installation")["Id"],
        create(quickbooks, "Class", Name="Service")["Id"],
    )
    portland = create(quickbooks, "Department", Name="Portland")["Id"]
    connection = quickbooks.connection
    read_facts(connection.id, impatient_client_for(connection.id))
    rules = (Rule(About.ITEM, "Boiler", installation), Rule(About.STATE, "ME", location_id=portland))
    connection.preferences.tracking = Tracking(service, "", rules).as_json()
    db.session.commit()
    return installation, service, portland


def test_the_facts_name_them(quickbooks):
    installation, service, portland = tracked(quickbooks, "ClassTrackingPerTxnLine")
    facts = company.facts_of(quickbooks.connection)
    assert facts.classes == {installation: "Installation", service: "Service"}
    assert facts.locations == {portland: "Portland"}


def classes_of(there: dict) -> list[str]:
    details = [line.get("SalesItemLineDetail") or line.get("DiscountLineDetail") for line in there["Line"]]
    return [detail["ClassRef"]["value"] for detail in details if detail and "ClassRef" in detail]


def test_by_line(quickbooks, owner):
    installation, service, portland = tracked(quickbooks, "ClassTrackingPerTxnLine")
    bill = builders.sent_invoice(
        builders.customer(owner.company), lines=LINES, discount_kind="amount", discount_value=Decimal(5),
        place_state="ME",
    )  # fmt: skip
    quickbooks.drain()
    quickbooks.in_order(bill)
    there = quickbooks.invoice(bill.number)
    assert classes_of(there) == [installation, service, service]
    assert "ClassRef" not in there
    assert there["DepartmentRef"]["value"] == portland


def test_by_sale(quickbooks, owner):
    installation, service, _ = tracked(quickbooks, "ClassTrackingPerTxn")
    person = builders.customer(owner.company)
    big, small = builders.sent_invoice(person, lines=LINES), builders.sent_invoice(person, lines=LINES[1:])
    quickbooks.drain()
    quickbooks.in_order(big, small)
    assert quickbooks.invoice(big.number)["ClassRef"]["value"] == installation
    assert quickbooks.invoice(small.number)["ClassRef"]["value"] == service
    assert classes_of(quickbooks.invoice(big.number)) == []


@pytest.mark.parametrize("switch", ["ClassTrackingPerTxn", "ClassTrackingPerTxnLine"])
def test_what_a_bookkeeper_makes_of_it_stays(quickbooks, owner, switch):
    """Also when the rules change, and something of the invoice does."""
    installation, _, _ = tracked(quickbooks, switch)
    bill = builders.sent_invoice(builders.customer(owner.company), lines=LINES)
    quickbooks.drain()
    before = quickbooks.invoice(bill.number)
    chosen = Tracking.from_json(quickbooks.connection.preferences.tracking)
    quickbooks.connection.preferences.tracking = Tracking(installation, "", chosen.rules[:0]).as_json()
    db.session.commit()
    builders.edit_invoice(bill, notes="changed here")
    quickbooks.drain()
    quickbooks.in_order(bill)
    there = quickbooks.invoice(bill.number)
    assert there["PrivateNote"] == "changed here"
    assert (classes_of(there), there.get("ClassRef")) == (classes_of(before), before.get("ClassRef"))


def test_a_refund_goes_to_the_class_of_what_it_gives_back(quickbooks, owner):
    installation, _, portland = tracked(quickbooks, "ClassTrackingPerTxnLine")
    bill = builders.sent_invoice(builders.customer(owner.company), lines=LINES[:1], place_state="ME")
    quickbooks.switch_payments()
    builders.payment(bill, "900")
    refund = builders.refund(bill, "100")
    quickbooks.drain()
    quickbooks.in_order(refund)
    (there,) = quickbooks.books("RefundReceipt")
    assert (classes_of(there), there["DepartmentRef"]["value"]) == ([installation], portland)
