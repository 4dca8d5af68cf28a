"""Money of each method goes to its own account in QuickBooks, by the method that the Owner chose there."""

from app.extensions import db
from app.invoices.models import PaymentMethod
from tests.quickbooks import builders


def test_each_method_has_its_account_and_its_method(quickbooks, bill):
    preferences, facts = quickbooks.connection.preferences, quickbooks.connection.facts
    checking = next(one["id"] for one in facts["deposit_accounts"] if one["subtype"] == "Checking")
    visa = next(key for key, name in facts["payment_method_names"].items() if name != "Credit Card")
    preferences.deposit_accounts = {"card": checking}
    preferences.payment_methods = {"card": visa}
    db.session.commit()
    card = builders.payment(bill, "40", method=PaymentMethod.CARD, reference="card")
    check = builders.payment(bill, "60", reference="check")
    refund = builders.refund(bill, "5")  # by card
    quickbooks.drain()
    quickbooks.in_order(card, check, refund)
    there = {one["PaymentRefNum"]: one for one in quickbooks.books("Payment")}
    assert there["card"]["DepositToAccountRef"]["value"] == checking
    assert there["card"]["PaymentMethodRef"]["value"] == visa
    assert there["check"]["DepositToAccountRef"]["name"] == "Undeposited Funds"
    assert there["check"]["PaymentMethodRef"]["name"] == "Check"
    (receipt,) = quickbooks.books("RefundReceipt")
    assert receipt["DepositToAccountRef"]["value"] == checking


def test_money_that_is_there_stays_where_it_is(quickbooks, bill):
    payment = builders.payment(bill, "40")
    quickbooks.drain()
    (before,) = quickbooks.books("Payment")
    facts = quickbooks.connection.facts
    checking = next(one["id"] for one in facts["deposit_accounts"] if one["subtype"] == "Checking")
    quickbooks.connection.preferences.deposit_accounts = {"check": checking}
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.books("Payment") == [before]
    quickbooks.in_order(payment)


def test_an_edit_does_not_move_it_either(quickbooks, bill):
    """What it pays is always said again; into which account it went is not."""
    payment = builders.payment(bill, "40", method=PaymentMethod.CARD)
    refund = builders.refund(bill, "5")
    quickbooks.drain()
    before = [quickbooks.books(entity)[0] for entity in ("Payment", "RefundReceipt")]
    preferences, facts = quickbooks.connection.preferences, quickbooks.connection.facts
    checking = next(one["id"] for one in facts["deposit_accounts"] if one["subtype"] == "Checking")
    visa = next(key for key, name in facts["payment_method_names"].items() if name != "Credit Card")
    preferences.deposit_accounts, preferences.payment_methods = {"card": checking}, {"card": visa}
    db.session.commit()
    builders.edit_payment(payment, reference="1043")
    builders.edit_refund(refund, reason="Came much too late")
    quickbooks.drain()
    quickbooks.in_order(payment, refund)
    after = [quickbooks.books(entity)[0] for entity in ("Payment", "RefundReceipt")]
    assert after[0]["PaymentRefNum"] == "1043"
    for name in ("DepositToAccountRef", "PaymentMethodRef"):
        assert [one[name] for one in after] == [one[name] for one in before]
