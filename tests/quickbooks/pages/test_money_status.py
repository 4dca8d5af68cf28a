"""What an invoice's page says when its money is not in QuickBooks as it is here."""

from app.extensions import db, now
from app.quickbooks.pages.money_status import money_status
from tests.quickbooks import builders
from tests.quickbooks.checkpoint import built_once


@built_once
def bill(quickbooks, owner):
    """Sent, $100.00, in QuickBooks."""
    record = builders.sent_invoice(builders.customer(owner.company), number="INV-7")
    quickbooks.drain()
    return record


def told(bill) -> str:
    db.session.expire_all()
    return " ".join(f"{note.sentence} {note.remedy}" for note in money_status(bill).notes)


def test_with_payments_off_it_does_not_look_settled(quickbooks, owner, bill):
    builders.payment(bill, "40")
    quickbooks.drain()
    assert told(bill) == (
        "QuickBooks last showed $100.00 open on this invoice; here $60.00 is open. "
        "Payments & refunds is off in Sync Preferences, so money recorded here does not go to QuickBooks. "
        "Record it in QuickBooks too, or an Owner switches Payments & refunds on."
    )
    assert "QuickBooks last showed $100.00 open" in owner.get(f"/invoices/{bill.id}").text


def test_with_payments_on_there_is_no_alarm(quickbooks, owner, bill):
    quickbooks.switch_payments()
    builders.payment(bill, "40")
    db.session.expire_all()
    assert (money_status(bill).on_the_way, told(bill)) == (1, "")
    assert "1 payment or refund is on the way" in owner.get(f"/invoices/{bill.id}").text
    quickbooks.connection.held_at = now()
    db.session.commit()
    paused = owner.get(f"/invoices/{bill.id}").text
    assert "1 payment or refund waits for QuickBooks: paused." in paused
    assert "on the way" not in paused
    quickbooks.connection.held_at = None
    db.session.commit()
    quickbooks.drain()
    assert (money_status(bill).on_the_way, told(bill)) == (0, "")


def test_what_is_stuck_says_why(quickbooks, bill):
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "pay")
    quickbooks.switch_payments()
    builders.payment(bill, "40")
    quickbooks.drain()
    assert told(bill).startswith("QuickBooks cannot apply Payment of $40.00 for INV-7")


def test_money_that_is_only_in_quickbooks_is_said(quickbooks, bill):
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "pay", amount=30)
    builders.edit_invoice(bill, notes="changed")
    quickbooks.drain()
    assert "QuickBooks last showed $70.00 open on this invoice; here $100.00 is open." in told(bill)


def test_an_invoice_that_is_not_there_has_nothing_to_tell(quickbooks, owner):
    record = builders.sent_invoice(builders.customer(owner.company))
    builders.payment(record, "40")
    assert told(record) == ""
