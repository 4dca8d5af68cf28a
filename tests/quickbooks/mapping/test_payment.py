"""A payment in QuickBooks' shape, and how it is known again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.accounts.models import Company
from app.extensions import now
from app.invoices.models import Invoice, InvoiceStatus, Payment, PaymentMethod
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.identity import key_of
from app.quickbooks.mapping.money import is_over, mark_in
from app.quickbooks.mapping.payment import (
    PaymentRefs,
    applied,
    payment_body,
    shows,
)
from app.quickbooks.mapping.problems import CannotMap

REFS = PaymentRefs(customer_id="42", invoice_id="130")
FACTS = CompanyFacts(payment_methods={"check": "2", "credit card": "3"})


def payment(**fields) -> Payment:
    invoice = Invoice(
        number="INV-7", status=InvoiceStatus.SENT, company=Company(currency=fields.pop("currency", "USD"))
    )
    data = {"method": PaymentMethod.CARD, "received_on": date(2026, 3, 2), "reference": "1042"} | fields
    return Payment(id=12, invoice=invoice, amount=Decimal("40.00"), **data)


def test_it_is_applied_to_its_invoice_and_carries_our_mark():
    assert payment_body(payment(), REFS, FACTS, "35") == {
        "TotalAmt": Decimal("40.00"),
        "CustomerRef": {"value": "42"},
        "TxnDate": "2026-03-02",
        "PaymentRefNum": "1042",
        "PrivateNote": "FSM Navigator payment 12",
        "Line": [{"Amount": Decimal("40.00"), "LinkedTxn": [{"TxnId": "130", "TxnType": "Invoice"}]}],
        "DepositToAccountRef": {"value": "35"},
        "PaymentMethodRef": {"value": "3"},
    }


@pytest.mark.parametrize("method", [PaymentMethod.OTHER, PaymentMethod.CASH])
def test_a_method_quickbooks_does_not_know_is_left_out(method: PaymentMethod):
    assert "PaymentMethodRef" not in payment_body(payment(method=method), REFS, FACTS, None)


def test_without_an_account_quickbooks_chooses():
    assert "DepositToAccountRef" not in payment_body(payment(), REFS, FACTS, None)


def test_closed_books_and_another_currency_hold_it_back():
    with pytest.raises(CannotMap, match="books_closed"):
        payment_body(payment(), REFS, replace(FACTS, book_close_date=date(2026, 3, 2)), None)
    with pytest.raises(CannotMap, match="currency_differs"):
        payment_body(payment(currency="GBP"), REFS, FACTS, None)


def test_multicurrency_names_the_currency():
    body = payment_body(payment(), REFS, replace(FACTS, multicurrency=True), None)
    assert body["CurrencyRef"] == {"value": "USD"}


def test_what_quickbooks_shows_of_it_afterwards_is_what_was_wanted():
    answer = payment_body(payment(), REFS, FACTS, "35") | {"UnappliedAmt": 0}
    assert shows(answer, payment(), REFS)


def test_a_void_payment_is_applied_to_nothing():
    line = {"Amount": 0, "LinkedTxn": [{"TxnId": "130", "TxnType": "Invoice"}]}
    voided = {"TotalAmt": 0, "PrivateNote": "Voided", "Line": [line]}
    assert (shows(voided, payment(), REFS), applied(voided)) == (False, {})


@pytest.mark.parametrize(
    ("note", "mark"),
    [
        ("FSM Navigator payment 12", "FSM Navigator payment 12"),
        ("Voided - FSM Navigator payment 12", "FSM Navigator payment 12"),
        ("FSM Navigator payment 123; cleared in May", "FSM Navigator payment 123"),
        ("Paid at the counter", ""),
        ("", ""),
    ],
)
def test_the_mark_is_found_in_whatever_note(note: str, mark: str):
    assert mark_in(note) == key_of("Payment", {"PrivateNote": note}) == mark


def test_a_payment_is_over_when_it_is_taken_back_or_its_invoice_void(app):
    taken_back, voided = payment(taken_back_at=now()), payment()
    voided.invoice.status = InvoiceStatus.VOID
    assert [is_over(one) for one in (payment(), taken_back, voided)] == [False, True, True]
