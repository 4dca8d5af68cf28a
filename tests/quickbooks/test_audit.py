"""`flask quickbooks audit` finds every way the two books can disagree."""

from decimal import Decimal

import pytest

from app.extensions import db
from app.quickbooks.audit import audit
from app.quickbooks.models import SyncTask
from tests.quickbooks import builders


@pytest.fixture
def bill(quickbooks, owner):
    record = builders.invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-1")
    quickbooks.drain()
    return record


def found(quickbooks) -> list[tuple[str, str]]:
    return [(finding.what, finding.record) for finding in audit(quickbooks.connection.id)]


def test_equal_books(quickbooks, bill, app):
    assert found(quickbooks) == []
    result = app.test_cli_runner().invoke(args=["quickbooks", "audit"])
    assert result.exit_code == 0
    assert "Harbor Heating → Sandbox Company US 1: no differences." in result.output


def test_deleted_there(quickbooks, bill, app):
    quickbooks.do("invoice", quickbooks.books("Invoice")[0]["Id"], "delete")
    assert found(quickbooks) == [("missing", "Invoice INV-1")]
    assert app.test_cli_runner().invoke(args=["quickbooks", "audit"]).exit_code == 1


def test_voided_there(quickbooks, bill):
    quickbooks.do("invoice", quickbooks.books("Invoice")[0]["Id"], "void")
    assert ("different", "Invoice INV-1") in found(quickbooks)


def test_another_total(quickbooks, bill):
    bill.total = Decimal("99.99")
    db.session.commit()
    assert found(quickbooks) == [("different", "Invoice INV-1")]


def test_somebody_renumbered_it_there(quickbooks, bill):
    quickbooks.do("invoice", quickbooks.books("Invoice")[0]["Id"], "edit", DocNumber="1044")
    assert found(quickbooks) == [("different", "Invoice INV-1")]


def test_amounts_carry_the_companys_currency(quickbooks, bill, owner):
    owner.company.currency, bill.total = "GBP", Decimal("99.99")
    db.session.commit()
    (finding,) = audit(quickbooks.connection.id)
    assert finding.detail == "total £99.99 here, £100.00 in QuickBooks"


def test_an_invoice_without_a_row(quickbooks, bill):
    db.session.query(SyncTask).filter_by(record_id=bill.id, kind="invoice").delete()
    db.session.commit()
    assert found(quickbooks) == [("without a row", "Invoice INV-1")]


def test_quickbooks_away(quickbooks, bill, app):
    quickbooks.script("maintenance", times=None)
    result = app.test_cli_runner().invoke(args=["quickbooks", "audit"])
    assert result.exit_code == 1
    assert "could not be read" in result.output
