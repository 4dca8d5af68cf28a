"""`flask quickbooks audit` finds every way the two books can disagree."""

from datetime import timedelta
from decimal import Decimal

from app.extensions import db
from app.quickbooks.checks.audit import audit
from app.quickbooks.models import SyncTask
from tests.quickbooks import builders
from tests.quickbooks.checkpoint import built_once


@built_once
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


@built_once
def paid(quickbooks, owner):
    """In QuickBooks with a payment of $100.00 and a refund of $25.00."""
    record = builders.sent_invoice(builders.customer(owner.company), number="INV-2")
    quickbooks.switch_payments()
    builders.payment(record, "100")
    builders.refund(record, "25")
    quickbooks.drain()
    assert found(quickbooks) == []
    return record


def test_money_that_is_gone_there(quickbooks, paid):
    quickbooks.do("payment", quickbooks.books("Payment")[0]["Id"], "void")
    quickbooks.do("refundreceipt", quickbooks.books("RefundReceipt")[0]["Id"], "delete")
    assert set(found(quickbooks)) == {
        ("missing", "Payment of $100.00 for INV-2"),
        ("missing", "Refund of $25.00 for INV-2"),
    }


def test_money_of_another_amount_or_twice_there(quickbooks, paid):
    there = quickbooks.books("RefundReceipt")[0]
    line = {**there["Line"][0], "Amount": 30}
    quickbooks.do("refundreceipt", there["Id"], "edit", Line=[line])
    note = {"PrivateNote": quickbooks.books("Payment")[0]["PrivateNote"]}
    quickbooks.do("invoice", quickbooks.invoice("INV-2")["Id"], "edit", Line=_line_of(quickbooks, 200))
    quickbooks.do("invoice", quickbooks.invoice("INV-2")["Id"], "pay", amount=50)
    theirs = next(one for one in quickbooks.books("Payment") if one["TotalAmt"] == 50)
    quickbooks.do("payment", theirs["Id"], "edit", **note)
    assert {
        ("different", "Refund of $25.00 for INV-2"),
        ("duplicated", "Payment of $100.00 for INV-2"),
    } <= set(found(quickbooks))


def _line_of(quickbooks, amount: int) -> list[dict]:
    (line, *_) = quickbooks.invoice("INV-2")["Line"]
    detail = {"ItemRef": line["SalesItemLineDetail"]["ItemRef"]}
    return [{"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}]


def test_an_invoice_from_before_the_owners_day_needs_no_row(quickbooks, bill):
    db.session.query(SyncTask).filter_by(record_id=bill.id, kind="invoice").delete()
    quickbooks.connection.preferences.send_from = bill.issue_date + timedelta(days=1)
    db.session.commit()
    assert found(quickbooks) == []
    quickbooks.connection.preferences.send_from = bill.issue_date
    db.session.commit()
    assert found(quickbooks) == [("without a row", "Invoice INV-1")]


def test_money_without_a_row_is_noticed(quickbooks, paid):
    task = builders.task_of(quickbooks.connection, paid.payments[0])
    db.session.delete(task)
    db.session.commit()
    assert found(quickbooks) == [("without a row", "Payment of $100.00 for INV-2")]
