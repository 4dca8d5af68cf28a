"""A company connects: its customers go by themselves, its invoices from then on, all to the cent."""

from decimal import Decimal

import pytest

from app.accounts.models import Plan
from app.extensions import db
from app.invoices.models import DiscountKind
from app.quickbooks.models import RecordKind, RemoteLink, TaskState
from app.quickbooks.pages import overview
from tests.customers.conftest import upload
from tests.quickbooks import builders


def test_current_customers_go_and_old_invoices_stay(quickbooks_of, owner):
    person = builders.customer(
        owner.company, "Zoë O'Brien & Søn", email="zoe@example.com", phone="(207) 555-0101"
    )
    builders.invoice(person)
    quickbooks = quickbooks_of(owner)
    quickbooks.walk_through_consent()
    quickbooks.drain()
    (there,) = quickbooks.books("Customer")
    assert there["DisplayName"] == "Zoë O'Brien & Søn"
    assert there["PrimaryEmailAddr"]["Address"] == "zoe@example.com"
    assert there["BillAddr"]["City"] == "Portland"
    assert quickbooks.books("Invoice") == []


def test_an_invoice_arrives_with_its_customer_items_and_total(quickbooks, owner):
    person = builders.customer(owner.company)
    bill = builders.invoice(person, lines=(("Furnace tune-up", "2.5", "89.99"), ("Filter", "3", "14.35")))
    quickbooks.drain()
    (there,) = quickbooks.books("Invoice")
    assert (there["DocNumber"], Decimal(str(there["TotalAmt"]))) == (bill.number, bill.total)
    assert there["TxnDate"] == "2026-03-02"
    assert {item["Name"] for item in quickbooks.books("Item")} >= {"Furnace tune-up", "Filter"}
    assert overview.banner(quickbooks.connection).is_empty
    assert quickbooks.connection.last_sync_at is not None


def test_discounts_and_tax_reach_quickbooks_with_the_same_total(quickbooks, owner):
    bill = builders.invoice(
        builders.customer(owner.company),
        lines=(("Labor", "3", "33.33"), ("Parts", "7", "12.49")),
        discount_kind=DiscountKind.PERCENT,
        discount_value=Decimal("7.5"),
    )
    bill.lines[1].discount_percent = Decimal("12.5")
    builders.recalculate(bill)
    builders.edit_invoice(bill)
    quickbooks.drain()
    (there,) = quickbooks.books("Invoice")
    assert Decimal(str(there["TotalAmt"])) == bill.total
    assert builders.task_of(quickbooks.connection, bill).state is TaskState.SYNCED


def test_forty_invoices_go_in_batches(quickbooks, owner):
    person = builders.customer(owner.company)
    for _ in range(40):
        builders.invoice(person)
    quickbooks.drain()
    assert len(quickbooks.books("Invoice")) == 40
    batches = [call for call in quickbooks.simulator.calls() if call["operation"] == "batch"]
    assert len(batches) == 2
    assert db.session.query(RemoteLink).filter_by(kind=RecordKind.INVOICE).count() == 40


def test_an_edit_updates_the_same_record(quickbooks, owner):
    bill = builders.invoice(builders.customer(owner.company))
    quickbooks.drain()
    bill.lines[0].unit_price = Decimal("123.45")
    builders.recalculate(bill)
    builders.edit_invoice(bill)
    quickbooks.drain()
    (there,) = quickbooks.books("Invoice")
    assert Decimal(str(there["TotalAmt"])) == Decimal("123.45")


def test_a_void_invoice_is_void_there_too_even_if_it_never_was_there(quickbooks, owner):
    person = builders.customer(owner.company)
    known = builders.invoice(person)
    quickbooks.drain()
    builders.edit_invoice(known, status="void")
    builders.invoice(person, status="void")
    quickbooks.drain()
    for there in quickbooks.books("Invoice"):
        assert there["TotalAmt"] == 0
        assert there["PrivateNote"].startswith("Voided")
    assert overview.banner(quickbooks.connection).is_empty


@pytest.mark.parametrize("plan", [Plan.PRO, Plan.ENTERPRISE])
def test_the_paid_plans_sync_and_import_in_bulk(quickbooks_of, owner, plan):
    owner.company.plan = plan
    db.session.commit()
    quickbooks = quickbooks_of(owner)
    quickbooks.walk_through_consent()
    template = owner.get("/customers/import/template")
    owner.post(upload(owner, template.data).location)
    quickbooks.drain()
    (there,) = quickbooks.books("Customer")
    assert there["DisplayName"] in template.text
    assert owner.get("/invoices/import").status_code == 200
